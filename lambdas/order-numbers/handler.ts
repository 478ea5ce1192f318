import {
  type Decoded,
  type OrderNumbersRequest,
  orderNumbersRequestSchema,
  type Taken,
} from '../shared/order-numbers/contract.ts';
import {
  createOrderNumbers,
  InvalidOrderNumberError,
  type OrderNumberKeys,
} from '../shared/order-numbers/order-numbers.ts';
import type { Allocator } from '../shared/sequences/allocator.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';

export interface HandlerDeps {
  readonly allocator: Allocator;
  /** How many numbers of the sequence are taken, by whomever. */
  readonly taken: () => Promise<number>;
  /** As they are in the secret now. */
  readonly keys: () => Promise<OrderNumberKeys>;
  readonly log: Log;
}

/** The request is none: nothing was taken. */
export class OrderNumbersRequestError extends Error {
  override readonly name = 'OrderNumbersRequestError';
}

/** Gives out order numbers, and tells what one is. Throws an `OrderNumbersRequestError`, and what the table and the secret throw. */
export function createHandler({ allocator, taken, keys, log }: HandlerDeps) {
  return async (event: unknown): Promise<Taken | Decoded> => {
    const asked = parse(event);
    return 'take' in asked ? take(asked.take) : decode(asked.decode);
  };

  async function take(count: number): Promise<Taken> {
    // Before a number is taken, so that none is lost where there is no key.
    const numbers = createOrderNumbers(await keys());
    const order_numbers: string[] = [];
    while (order_numbers.length < count) order_numbers.push(numbers.encode(await allocator.next()));
    log.info('order numbers given out', { count });
    return { order_numbers };
  }

  async function decode(orderNumber: string): Promise<Decoded> {
    try {
      const { sequence, keyVersion } = createOrderNumbers(await keys()).decode(orderNumber);
      return { outcome: 'decoded', sequence, key_version: keyVersion, is_given_out: sequence < (await taken()) };
    } catch (error) {
      if (error instanceof InvalidOrderNumberError) return { outcome: 'refused', reason: error.message };
      throw error;
    }
  }
}

function parse(event: unknown): OrderNumbersRequest {
  const { success, data } = orderNumbersRequestSchema.safeParse(event);
  if (success) return data;
  throw new OrderNumbersRequestError(
    'ask for {"take": N}, N from 1 to 1000, or for {"decode": "…"}, an order number as text',
  );
}
