/** A process that ends at whatever await it is: what it has asked for happens, and it never hears of it. */
export class Killable {
  isKilled = false;

  kill(): void {
    this.isKilled = true;
  }

  /** The port, as that process sees it. */
  around<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          if (this.isKilled) return new Promise(() => {});
          const answer: unknown = await Reflect.apply(method, target, args);
          return this.isKilled ? new Promise(() => {}) : answer;
        };
      },
    });
  }
}
