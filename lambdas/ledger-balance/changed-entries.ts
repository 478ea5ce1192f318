import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type OrderEvent, orderEventSchema } from '../shared/orders/order-event.ts';

/** The event is neither a batch of the ledger's stream nor a request. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';

  constructor() {
    super('the event has neither Records of the ledger’s stream nor a recount: nothing was counted');
  }
}

export interface ChangedEntries {
  /** The newest of each order that the batch tells of. */
  readonly entries: readonly OrderEvent[];
  /** Orders, or sequence numbers, of what is no entry as we know it. */
  readonly unreadable: readonly string[];
}

/** What the stream says was put into the ledger. An entry that was taken out of it is nobody's business here: the ledger forgets nothing by itself. */
export function changedIn({ Records }: DynamoDBStreamEvent): ChangedEntries {
  const newest = new Map<string, OrderEvent>();
  const unreadable: string[] = [];
  for (const { eventName, dynamodb } of Records) {
    if (eventName === 'REMOVE') continue;
    // The Lambda event and the SDK type the same DynamoDB JSON twice.
    const item = unmarshall((dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>);
    const { data } = orderEventSchema.safeParse(item);
    if (!data) unreadable.push(String(item['out_trade_no'] ?? dynamodb?.SequenceNumber ?? '?'));
    else if ((newest.get(data.out_trade_no)?.version ?? 0) < data.version) newest.set(data.out_trade_no, data);
  }
  return { entries: [...newest.values()], unreadable };
}
