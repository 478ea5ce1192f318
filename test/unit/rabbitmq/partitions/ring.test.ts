import * as fc from 'fast-check';
import { isSamePlace } from '../../../../rabbitmq/partitions/ring.ts';
import { createRouter } from '../../../../rabbitmq/routing/router.ts';
import { ringOf, shards } from './rings.ts';

const weights = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 9 });
const spreads = fc.record({ declared: fc.integer({ min: 2, max: 9 }), of: fc.nat(1000) });
const messageWith = (key: string) => ({ vhost: '/', exchange: 'shards', routingKeys: [key] });

/** So that it fits the declared ones. */
function spreadOf({ declared, of }: { declared: number; of: number }, most: number) {
  const fitting = Math.min(declared, most);
  return { declared: fitting, active: 1 + (of % fitting) };
}

describe('the place of a message in partitions', () => {
  it('is in the queue RabbitMQ chooses when only the active ones are bound', () => {
    fc.assert(
      fc.property(weights, fc.nat(), fc.string(), (all, of, key) => {
        const on = shards(all);
        const active = 1 + (of % all.length);
        const router = createRouter({ ...on, bindings: on.bindings.slice(0, active) }, { random: () => 0 });

        const { queue } = ringOf(on).place(messageWith(key), { active, declared: all.length });

        expect([queue]).toEqual(router.route(messageWith(key)));
      }),
    );
  });

  it('changes by a step exactly when the step empties its group', () => {
    fc.assert(
      fc.property(weights, spreads, spreads, fc.string(), (all, one, other, key) => {
        const ring = ringOf(shards(all));
        const [before, after] = [spreadOf(one, all.length), spreadOf(other, all.length)];
        fc.pre(after.declared >= before.declared);
        const here = ring.place(messageWith(key), before);

        const isLeft = ring.left(before, after).some((place) => isSamePlace(place, here));

        const stays = isSamePlace(here, ring.place(messageWith(key), after));
        // More may be declared, and the key go on to none of them: its group is emptied, and its name is the same.
        expect(isLeft).toBe(before.declared === after.declared ? !stays : isLeft || !stays);
      }),
    );
  });

  it('lets most keys stay when partitions join', () => {
    const ring = ringOf(shards([1, 1, 1, 1, 1, 1, 1, 1]));
    const keys = Array.from({ length: 1000 }, (_, at) => `key-${at}`);

    const moved = keys.filter(
      (key) =>
        !isSamePlace(
          ring.place(messageWith(key), { active: 4, declared: 8 }),
          ring.place(messageWith(key), { active: 7, declared: 8 }),
        ),
    );

    expect(moved.length / keys.length).toBeCloseTo(3 / 7, 1);
  });
});
