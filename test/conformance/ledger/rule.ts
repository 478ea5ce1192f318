/** How far Warren does what the rule says. */
export type Verdict = 'exact' | 'approximate' | 'not possible' | 'not built yet';

/** Something RabbitMQ does, and what Warren does about it. */
export interface Rule {
  /** Permanent: a rule that is new gets a number at the end of its section. */
  readonly id: string;
  readonly text: string;
  /** Files of RabbitMQ's server and pages of its documentation (`docs/…`), with commas between them. */
  readonly source: string;
  readonly verdict: Verdict;
  /** What is different or missing; an exact rule has none. */
  readonly reason?: string | undefined;
}

export interface Section {
  readonly number: string;
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** RabbitMQ and Warren do the same, and a test holds it. */
export function exact(id: string, source: string, text: string): Rule {
  return { id, source, text, verdict: 'exact' };
}

/** Warren keeps the promise, but not to the letter. A test holds what it does. */
export function approximate(id: string, source: string, text: string, reason: string): Rule {
  return { id, source, text, verdict: 'approximate', reason };
}

/** SQS and Lambda have no means to do it. */
export function notPossible(id: string, source: string, text: string, reason: string): Rule {
  return { id, source, text, verdict: 'not possible', reason };
}

/** All of it is missing, or the part the reason names. */
export function notBuiltYet(id: string, source: string, text: string, reason: string): Rule {
  return { id, source, text, verdict: 'not built yet', reason };
}
