import { createHandler, OrderNumbersRequestError } from '../../../../lambdas/order-numbers/handler.ts';
import { takenSchema } from '../../../../lambdas/shared/order-numbers/contract.ts';
import { createOrderNumbers } from '../../../../lambdas/shared/order-numbers/order-numbers.ts';
import { createAllocator } from '../../../../lambdas/shared/sequences/allocator.ts';
import { rejectionOf, silentLog } from '../builders.ts';
import { MemorySegments } from '../shared/sequences/memory-segments.ts';

const secret = { current: '1', keys: { '1': 'a key of enough characters' } };

function functionOf(keys = async () => secret) {
  const segments = new MemorySegments();
  const sequence = 'order-numbers';
  const allocator = createAllocator({ segments, sequence, segmentSize: 10 });
  const handler = createHandler({ allocator, taken: () => segments.taken(sequence), keys, log: silentLog });
  return { handler, segments };
}

describe('the function that gives out order numbers', () => {
  it('gives as many as are asked for, the next ones the next time', async () => {
    const { handler } = functionOf();

    const taken = [await handler({ take: 3 }), await handler({ take: 1 })];

    const { encode } = createOrderNumbers(secret);
    expect(taken).toEqual([{ order_numbers: [encode(0), encode(1), encode(2)] }, { order_numbers: [encode(3)] }]);
  });

  it('tells what one is, and whether it was given out', async () => {
    const { handler } = functionOf();
    const [number] = takenSchema.parse(await handler({ take: 1 })).order_numbers;
    const later = createOrderNumbers(secret).encode(500);

    expect(await handler({ decode: number })).toEqual({
      outcome: 'decoded',
      sequence: 0,
      key_version: '1',
      is_given_out: true,
    });
    expect(await handler({ decode: later })).toMatchObject({ sequence: 500, is_given_out: false });
  });

  it('refuses one that is mistyped, and takes nothing', async () => {
    const { handler, segments } = functionOf();

    expect(await handler({ decode: '12345678901234567' })).toMatchObject({ outcome: 'refused' });
    expect(segments.writes).toBe(0);
  });

  it.each([{}, { take: 0 }, { take: 1001 }, { take: 1.5 }, { decode: 12 }, { take: 1, decode: '1' }, null])(
    'refuses %j, and takes nothing',
    async (event) => {
      const { handler, segments } = functionOf();

      expect(await rejectionOf(handler(event))).toBeInstanceOf(OrderNumbersRequestError);
      expect(segments.writes).toBe(0);
    },
  );

  it('takes no number where the keys cannot be had', async () => {
    const { handler, segments } = functionOf(() => Promise.reject(new Error('no secret')));

    expect(await rejectionOf(handler({ take: 1 }))).toMatchObject({ message: 'no secret' });
    expect(segments.writes).toBe(0);
  });
});
