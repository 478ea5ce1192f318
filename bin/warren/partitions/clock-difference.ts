import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';

export interface ClockDifferenceDeps {
  readonly client: DynamoDBClient;
  /** Asks that client for anything. */
  readonly ask: () => Promise<unknown>;
  readonly now: () => Date;
}

/** One answer: this machine's times before and after it, and the other's in between. */
export interface Answered {
  readonly askedAt: number;
  readonly answeredAt: number;
  /** An HTTP `Date` header: it tells whole seconds. */
  readonly date: string;
}

/** Milliseconds. The clocks may differ by a second more, and by the time the answer took. */
export function leastDifference({ askedAt, answeredAt, date }: Answered): number {
  const second = Date.parse(date);
  return Math.max(0, second - answeredAt, askedAt - (second + 1_000));
}

/** By how much this machine's clock differs, at least, from that of AWS. 0 where the answer has no time. Throws what `ask` throws. */
export function createClockDifference({ client, ask, now }: ClockDifferenceDeps): () => Promise<number> {
  let last: Answered | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const askedAt = now().getTime();
      const result = await next(args);
      const { data } = answerSchema.safeParse(result.response);
      last = data && { askedAt, answeredAt: now().getTime(), date: data.headers.date };
      return result;
    },
    { step: 'deserialize', name: 'clockDifference' },
  );
  return async () => {
    last = undefined;
    await ask();
    return last ? leastDifference(last) : 0;
  };
}

const answerSchema = z.object({ headers: z.object({ date: z.string() }) });
