/** The function was killed: nobody hears anything more of what it was at. */
export class KilledError extends Error {
  override readonly name = 'KilledError';
}

/** What is behind it does what it does, and its caller may be killed at each call: before it, or when it is done and nobody knows. */
export function mortal<Store extends object>(store: Store, random: () => number, share: number): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]): Promise<unknown> => {
        if (random() < share) throw new KilledError('before');
        const answer: unknown = await Reflect.apply(member, target, given);
        if (random() < share) throw new KilledError('after');
        return answer;
      };
    },
  });
}
