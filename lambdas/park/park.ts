import type { Context, SQSRecord } from 'aws-lambda';
import pMap from 'p-map';
import { labelOf } from '../../rabbitmq/plan/queue-label.ts';
import { isSameQueue, type QueueAddress } from '../../rabbitmq/queue-address.ts';
import type { Queue } from '../../rabbitmq/topology.ts';
import type { Source } from '../shared/consumer/sqs-source.ts';
import { deadlineOf } from '../shared/deadline.ts';
import type { ParkAnswer, ParkRequest } from '../shared/exceptions/park-contract.ts';
import type { TakeOut } from '../shared/exceptions/take-out.ts';

export interface ParkDeps {
  readonly queues: readonly Queue[];
  readonly source: (queue: Queue) => Source;
  readonly takeOut: TakeOut;
}

/** Moves some messages of a queue into the exceptions table. Throws a `NoSuchQueueError`. */
export type Park = (request: ParkRequest, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<ParkAnswer>;

/** Nothing failed: it says where the message went. Without a stack, so that all of a queue are of one kind. */
export class ParkedError extends Error {
  override readonly name = 'ParkedError';
  override readonly stack = undefined;

  constructor(queue: QueueAddress) {
    super(`an operator has moved it out of ${labelOf(queue)}`);
  }
}

export class NoSuchQueueError extends Error {
  override readonly name = 'NoSuchQueueError';

  constructor(queue: QueueAddress) {
    super(`${labelOf(queue)} is not in the topology`);
  }
}

/** Should this function die, what it has in hand can be received again after so long. */
export const hiddenSeconds = 30;
/** Kept back for what is in hand: with less time left no other batch is begun. */
const reserveMs = 10_000;
/** Batches at a time: SQS hands out ten messages at most. */
const parallelBatches = 4;
const batchSize = 10;

/** Until it has enough, SQS finds no more, or a batch can not be stored. */
export function createPark({ queues, source, takeOut }: ParkDeps): Park {
  return async ({ queue: address, most, sent_until, who, why }, context) => {
    const queue = queues.find((one) => isSameQueue(one, address));
    if (!queue) throw new NoSuchQueueError(address);
    const messages = source(queue);
    const deadline = deadlineOf(context);
    const from = {
      source: messages,
      queue,
      endOf: () => ({
        reason: 'parked' as const,
        error: new ParkedError(queue),
        state: 'parked' as const,
        operator: { who, why },
      }),
    };
    const until = sent_until === undefined ? Number.POSITIVE_INFINITY : Date.parse(sent_until);
    const told = { parked: 0, later: 0, not_stored: 0 };
    let free = most;
    await pMap(Array.from({ length: parallelBatches }), parkBatches, { concurrency: parallelBatches });
    return told;

    async function parkBatches(): Promise<void> {
      while (free > 0 && told.not_stored === 0 && context.getRemainingTimeInMillis() > reserveMs) {
        const asked = Math.min(batchSize, free);
        free -= asked;
        const records = await messages.receive(hiddenSeconds, asked);
        const meant = records.filter((record) => sentAt(record) <= until);
        const stay = await takeOut(meant, from, deadline);
        told.parked += meant.length - stay.length;
        told.later += records.length - meant.length;
        told.not_stored += stay.length;
        free += asked - meant.length + stay.length;
        if (records.length === 0) return;
      }
    }
  };
}

function sentAt({ attributes }: SQSRecord): number {
  return Number(attributes.SentTimestamp);
}
