interface Plan<T> {
  /** A number that its subjects hold; of all of them without. */
  readonly about: string;
  readonly next: T[];
}

/** What shall happen next to a subject, by order, instead of what chance decides. */
export function createPlans<T>() {
  const plans: Plan<T>[] = [];
  return {
    add(about: string, next: readonly T[]): void {
      plans.push({ about, next: [...next] });
    },
    takeFor(subject: string): T | undefined {
      return plans.find(({ about, next }) => next.length > 0 && subject.includes(about))?.next.shift();
    },
  };
}
