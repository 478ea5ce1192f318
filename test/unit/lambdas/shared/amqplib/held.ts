import type { Publisher } from '../../../../../lambdas/shared/broker/broker.ts';

/** A publisher that delivers when it is let. */
export function held() {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: until, resolve: letGo } = Promise.withResolvers<void>();
  const instead = (broker: Publisher): Publisher => ({
    ...broker,
    deliver: async (routed) => {
      begin();
      await until;
      return broker.deliver(routed);
    },
  });
  return { begun, letGo, instead };
}
