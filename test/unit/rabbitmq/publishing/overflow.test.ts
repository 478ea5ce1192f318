import { admit, deadLettersOverflow, type Limited, refusesOverflow } from '../../../../rabbitmq/publishing/overflow.ts';
import type { Queue } from '../../../../rabbitmq/topology.ts';
import { queue } from '../topology-builders.ts';

const classic = (changes: Partial<Queue>): Limited => queue('q', { type: 'classic', ...changes });
const refusing = (changes: Partial<Queue>): Limited => classic({ overflow: 'reject-publish', ...changes });

/** Which of the bodies a queue takes that starts empty and is never read. */
function taken(one: Limited, bodies: readonly number[]): boolean[] {
  const ready = { messages: 0, bytes: 0 };
  return bodies.map((bytes) => {
    const isStored = admit(one, ready, bytes) === 'store';
    if (isStored) {
      ready.messages++;
      ready.bytes += bytes;
    }
    return isStored;
  });
}

describe('a queue with a length limit and reject-publish', () => {
  it.each([
    ['two messages', { maxLength: 2 }, [1, 1, 1, 1], [true, true, false, false]],
    ['no message at all', { maxLength: 0 }, [1], [false]],
    ['ten bytes, that a second body of six would pass', { maxLengthBytes: 10 }, [6, 6], [true, false]],
    ['twelve bytes, which two bodies of six fill', { maxLengthBytes: 12 }, [6, 6, 6], [true, true, false]],
    ['ten bytes, one body being too large', { maxLengthBytes: 10 }, [100, 1], [false, true]],
    ['both, the first one reached counts', { maxLength: 9, maxLengthBytes: 3 }, [2, 2, 1], [true, false, true]],
  ])('takes %s, as classic queues of 3.10.8 to 4.3.6 were seen to (rule 4.5.20)', (_, limits, bodies, expected) => {
    expect(taken(refusing(limits), bodies)).toEqual(expected);
  });

  it('is judged the same if it is a quorum queue, which RabbitMQ stops later (rule 4.11.3)', () => {
    expect(taken({ ...refusing({ maxLength: 2 }), type: 'quorum' }, [1, 1, 1])).toEqual([true, true, false]);
  });
});

describe('a message over the limit', () => {
  const full = { messages: 2, bytes: 2 };

  it.each([
    ['refuse', 'reject-publish', 'classic'],
    ['refuse', 'reject-publish', 'quorum'],
    ['dead-letter', 'reject-publish-dlx', 'classic'],
    ['store', 'reject-publish-dlx', 'quorum'],
    ['store', 'drop-head', 'classic'],
    ['store', undefined, 'classic'],
  ] as const)('meets %s for overflow %s on a %s queue (rules 4.6.1, 4.11.4)', (admission, overflow, type) => {
    expect(admit({ type, overflow, maxLength: 2 }, full, 1)).toBe(admission);
  });

  it('is stored where the queue is a delay, or has no limit to be over', () => {
    expect(admit(refusing({ maxLength: 2, delayQueue: true }), full, 1)).toBe('store');
    expect(admit(refusing({}), full, 1)).toBe('store');
  });
});

describe('whether a queue refuses, and dead-letters what it refuses', () => {
  it.each([
    [refusing({ maxLength: 1 }), true, false],
    [refusing({ maxLengthBytes: 1 }), true, false],
    [refusing({}), false, false],
    [refusing({ maxLength: 1, delayQueue: true }), false, false],
    [classic({ overflow: 'reject-publish-dlx', maxLengthBytes: 1 }), true, true],
    [classic({ overflow: 'reject-publish-dlx' }), false, false],
    [classic({ overflow: 'reject-publish-dlx', maxLength: 1, delayQueue: true }), false, false],
    [queue('q', { overflow: 'reject-publish-dlx', maxLength: 1 }), false, false],
    [classic({ overflow: 'drop-head', maxLength: 1 }), false, false],
    [classic({ maxLength: 1 }), false, false],
  ])('follows from its overflow, limit and type: %j', (one, refuses, deadLetters) => {
    expect([refusesOverflow(one), deadLettersOverflow(one)]).toEqual([refuses, deadLetters]);
  });
});
