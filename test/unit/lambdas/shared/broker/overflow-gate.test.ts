import type { Depths } from '../../../../../lambdas/shared/broker/depths.ts';
import { createOverflowGate } from '../../../../../lambdas/shared/broker/overflow-gate.ts';
import type { Queue } from '../../../../../rabbitmq/topology.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { message } from '../../builders.ts';

const three = queue('three', { type: 'classic', maxLength: 3, overflow: 'reject-publish' });

/** Queues with so many ready messages, read by a clock that is set by hand. */
function givenGate(ready: Record<string, number | undefined>, maxAgeMs = 1_000) {
  const reads: string[] = [];
  let time = 50_000;
  const depths: Depths = {
    async ready({ name }) {
      reads.push(name);
      return ready[name];
    },
  };
  const gate = createOverflowGate({ depths, maxAgeMs, now: () => new Date(time) });
  return {
    reads,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    /** A message to each of the queues, in one request. */
    publish: (...queues: readonly (Queue | [Queue, payload: string])[]) =>
      gate(
        queues.map((one) => {
          const [to, payload] = Array.isArray(one) ? one : [one as Queue, 'x'];
          return { queue: to, message: message({ payload }), delayMs: 0 };
        }),
      ),
    gate,
  };
}

describe('a queue with a length limit', () => {
  it('takes what fits beside what SQS counts in it, in one request (rule 4.11.3)', async () => {
    const { publish } = givenGate({ three: 1 });

    expect(await publish(three, three, three)).toEqual(['store', 'store', 'refuse']);
  });

  it('is read once in a second, and what was sent since is added', async () => {
    const { publish, pass, reads } = givenGate({ three: 1 });

    expect(await publish(three)).toEqual(['store']);
    pass(999);
    expect(await publish(three, three)).toEqual(['store', 'refuse']);
    expect(reads).toEqual(['three']);
  });

  it('is read again after that, when consumers may have made room', async () => {
    const ready: Record<string, number> = { three: 3 };
    const { publish, pass, reads } = givenGate(ready);

    expect(await publish(three)).toEqual(['refuse']);
    ready['three'] = 2;
    pass(1_000);
    expect(await publish(three, three)).toEqual(['store', 'refuse']);
    expect(reads).toEqual(['three', 'three']);
  });

  it('is read again when the clock went back', async () => {
    const { publish, pass, reads } = givenGate({ three: 1 });

    await publish(three);
    pass(-60_000);
    await publish(three);

    expect(reads).toHaveLength(2);
  });

  it('is read once by requests that come together', async () => {
    const { publish, reads } = givenGate({ three: 0 });

    const admissions = await Promise.all([publish(three, three), publish(three, three)]);

    expect(admissions.flat().filter((one) => one === 'store')).toHaveLength(3);
    expect(reads).toEqual(['three']);
  });

  it('is read each time where nothing is to be believed', async () => {
    const { publish, reads } = givenGate({ three: 0 }, 0);

    await publish(three);
    await publish(three);

    expect(reads).toHaveLength(2);
  });

  it('takes everything while nobody can tell how full it is, and is asked no more often for that', async () => {
    const { publish, reads } = givenGate({ three: undefined });

    expect(await publish(three, three, three, three)).toEqual(['store', 'store', 'store', 'store']);
    await publish(three);
    expect(reads).toEqual(['three']);
  });

  it('is one of its vhost: another of the same name counts by itself', async () => {
    const { publish } = givenGate({ three: 2 });
    const other = { ...three, vhost: 'other' };

    expect(await publish(three, other, three, other)).toEqual(['store', 'store', 'refuse', 'refuse']);
  });
});

describe('a queue with a limit in bytes', () => {
  const bytes = queue('bytes', { type: 'classic', maxLengthBytes: 100, overflow: 'reject-publish-dlx' });
  const of = (size: number): [Queue, string] => [bytes, 'x'.repeat(size)];

  it('takes by the bytes it is sent while it is empty', async () => {
    const { publish } = givenGate({ bytes: 0 });

    expect(await publish(of(60), of(60), of(40), of(1))).toEqual(['store', 'dead-letter', 'store', 'dead-letter']);
  });

  it('takes what waits to be as large as the message, if this process has sent none', async () => {
    const { publish } = givenGate({ bytes: 4 });

    expect(await publish(of(21), of(20))).toEqual(['dead-letter', 'store']);
  });

  it('takes what waits to be as large as what it has sent there, on the average', async () => {
    const ready: Record<string, number> = { bytes: 0 };
    const { publish, pass } = givenGate(ready);
    await publish(of(10), of(30));
    ready['bytes'] = 4;
    pass(1_000);

    // Four of 20 bytes, and what is sent now.
    expect(await publish(of(20))).toEqual(['store']);
    expect(await publish(of(1))).toEqual(['dead-letter']);
  });

  it('counts bytes that travel as base64 as what they are', async () => {
    const { gate } = givenGate({ bytes: 0 });
    const binary = message({ payload: Buffer.alloc(100).toString('base64'), payloadEncoding: 'base64' });

    expect(await gate([{ queue: bytes, message: binary, delayMs: 0 }])).toEqual(['store']);
  });
});

describe('a copy that nobody judges', () => {
  it('costs no call: its queue drops its oldest, has no limit, or is a delay, or the copy waits', async () => {
    const { gate, reads } = givenGate({});
    const full = { maxLength: 0, overflow: 'reject-publish' } as const;
    const copies = [
      queue('plain'),
      queue('drops', { maxLength: 0 }),
      queue('quorum', { ...full, overflow: 'reject-publish-dlx' }),
      queue('delay', { ...full, delayQueue: true }),
    ].map((one) => ({ queue: one, message: message(), delayMs: 0 }));
    const waits = { queue: queue('q', full), message: message(), delayMs: 1 };

    expect(await gate([...copies, waits])).toEqual(['store', 'store', 'store', 'store', 'store']);
    expect(reads).toEqual([]);
  });
});
