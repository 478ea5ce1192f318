import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbShardedCounter } from '../../../../../lambdas/shared/sharded-counter/dynamodb-sharded-counter.ts';
import { CounterBusyError, ShardsError } from '../../../../../lambdas/shared/sharded-counter/errors.ts';
import { tokenWrite } from '../../../../../lambdas/shared/sharded-counter/token-write.ts';
import { now, rejectionOf } from '../../builders.ts';

const once = tokenWrite('t', { table: 'tokens', keepSeconds: 60, now: () => now });
const addition = { counter: 'orders', sums: { count: 1 } };

/** A DynamoDB that cancels one transaction after the other for these reasons, and then takes them. */
function given(...cancelled: (readonly [string, string])[]) {
  const shards: string[] = [];
  const client = {
    async send({ input }: TransactWriteCommand) {
      shards.push(String(input.TransactItems?.[1]?.Update?.Key?.['id']));
      const codes = cancelled[shards.length - 1];
      if (!codes) return {};
      throw new TransactionCanceledException({
        message: 'cancelled',
        $metadata: {},
        CancellationReasons: codes.map((Code) => ({ Code })),
      });
    },
  } as unknown as DynamoDBDocumentClient;
  let [drawn, slept] = [0, 0];
  const counter = (count = 4) =>
    createDynamoDbShardedCounter(client, {
      table: 'counters',
      shards: count,
      random: () => (drawn++ % 8) / 8,
      maxAttempts: 3,
      sleep: async () => {
        slept += 1;
      },
    });
  return { counter, shards, slept: () => slept };
}

describe('a sharded counter', () => {
  it('tries another shard when transactions meet on one', async () => {
    const { counter, shards, slept } = given(['None', 'TransactionConflict'], ['None', 'ThrottlingError']);

    expect(await counter().add([addition], [once])).toEqual({ outcome: 'added' });
    expect(new Set(shards).size).toBeGreaterThan(1);
    expect(slept()).toBe(2);
  });

  it('gives up after so many tries, and says what would help', async () => {
    const conflict = ['None', 'TransactionConflict'] as const;
    const error = await rejectionOf(given(conflict, conflict, conflict).counter().add([addition], [once]));

    expect(error).toBeInstanceOf(CounterBusyError);
    expect(error).toMatchObject({ codes: ['TransactionConflict'] });
  });

  it('does not try again what was counted before, nor what DynamoDB will never take', async () => {
    const repeat = given(['ConditionalCheckFailed', 'None']);
    expect(await repeat.counter().add([addition], [once])).toMatchObject({ outcome: 'refused', reasons: [{}] });
    const wrong = given(['None', 'ValidationError']);
    expect(await rejectionOf(wrong.counter().add([addition], [once]))).toBeInstanceOf(TransactionCanceledException);

    expect([...repeat.shards, ...wrong.shards]).toHaveLength(2);
  });

  it.each([0, 101, 1.5])('of %d shards is none', (shards) => {
    expect(() => given().counter(shards)).toThrow(ShardsError);
  });
});
