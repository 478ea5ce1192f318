import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { agendaEntry } from '../agenda/agenda.ts';
import { ifItHolds } from '../aws/if-it-holds.ts';
import type { OwnWrite } from '../outbox/limits.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { isReserved, isSettled, type NewRefund, type RefundRow, refundRowSchema } from './refund-row.ts';
import type { RefundsStore } from './refunds-store.ts';

/** Refunds that somebody waits for, since when. */
export const openRefundsTopic = 'open-refund';

/** Beside its refunds lies the sum of a payment, under a number that is none: WeChat Pay's have no `#`. */
const sumKey = '#sum';

const sumsSchema = z.object({ total: z.int(), reserved: z.int(), refunded: z.int() });

export function createDynamoDbRefundsStore(
  client: DynamoDBDocumentClient,
  outbox: Outbox,
  TableName: string,
): RefundsStore {
  const get = async (transaction_id: string, out_refund_no: string): Promise<unknown> => {
    const Key = { transaction_id, out_refund_no };
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  };
  return {
    async find({ transaction_id, out_refund_no }) {
      const item = await get(transaction_id, out_refund_no);
      return item === undefined ? undefined : refundRowSchema.parse(item);
    },
    async sumsOf(transaction_id) {
      const item = await get(transaction_id, sumKey);
      return item === undefined ? undefined : sumsSchema.parse(item);
    },
    async request(refund, message) {
      const result = await outbox.write([message], [putOf(TableName, refund), reserveOf(TableName, refund)]);
      if (result.outcome === 'written') return { outcome: 'requested' };
      const [{ Item: item } = {}] = result.reasons;
      return item ? { outcome: 'taken', refund: refundRowSchema.parse(unmarshall(item)) } : { outcome: 'too-much' };
    },
    async settle(from, to) {
      const { outcome } = await outbox.write([], [replaceOf(TableName, from, to), sumUpdateOf(TableName, from, to)]);
      return outcome === 'written' ? 'settled' : 'changed';
    },
    noteAsking({ transaction_id, out_refund_no }, at) {
      return ifItHolds(
        client.send(
          new UpdateCommand({
            TableName,
            Key: { transaction_id, out_refund_no },
            UpdateExpression: 'SET asked_at = :at',
            ConditionExpression: '#state = :requested',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':at': at.toISOString(), ':requested': 'REQUESTED' },
          }),
        ),
      );
    },
    async withdraw(from, withdrawn) {
      const to: RefundRow = { ...from, state: 'WITHDRAWN', withdrawn };
      const { outcome } = await outbox.write([], [withdrawOf(TableName, from, to), sumUpdateOf(TableName, from, to)]);
      return outcome === 'written';
    },
  };
}

function putOf(TableName: string, refund: NewRefund): OwnWrite {
  return {
    Put: {
      TableName,
      Item: itemOf({ ...refund, state: 'REQUESTED' }),
      ConditionExpression: 'attribute_not_exists(out_refund_no)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function itemOf(row: RefundRow): Record<string, unknown> {
  const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
  if (isSettled(row)) return known;
  return { ...known, ...agendaEntry(openRefundsTopic, row.out_refund_no, new Date(row.requested_at)) };
}

/** What keeps the sum below what was paid: two requests at the same moment cannot both find it free. */
function reserveOf(TableName: string, { transaction_id, refund, total }: NewRefund): OwnWrite {
  return {
    Update: {
      TableName,
      Key: { transaction_id, out_refund_no: sumKey },
      UpdateExpression: 'SET #total = :total, refunded = if_not_exists(refunded, :none) ADD reserved :refund',
      ConditionExpression: 'attribute_not_exists(reserved) OR (#total = :total AND reserved <= :left)',
      ExpressionAttributeNames: { '#total': 'total' },
      ExpressionAttributeValues: { ':total': total, ':none': 0, ':refund': refund, ':left': total - refund },
    },
  };
}

function replaceOf(TableName: string, from: RefundRow | undefined, to: RefundRow): OwnWrite {
  const Item = itemOf(to);
  if (!from) return { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(out_refund_no)' } };
  return {
    Put: {
      TableName,
      Item,
      ConditionExpression: '#state = :from',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':from': from.state },
    },
  };
}

function withdrawOf(TableName: string, { asked_at }: RefundRow, to: RefundRow): OwnWrite {
  const asked = asked_at !== undefined;
  return {
    Put: {
      TableName,
      Item: itemOf(to),
      ConditionExpression: `#state = :requested AND ${asked ? 'asked_at = :asked_at' : 'attribute_not_exists(asked_at)'}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':requested': 'REQUESTED', ...(asked && { ':asked_at': asked_at }) },
    },
  };
}

/** What was asked for elsewhere is reserved when it is heard of; what was CLOSED or withdrawn is free again. */
function sumUpdateOf(TableName: string, from: RefundRow | undefined, to: RefundRow): OwnWrite {
  const { transaction_id, total, refund } = to;
  const reservedBy = (row: RefundRow | undefined): number => (row && isReserved(row.state) ? refund : 0);
  const reserved = reservedBy(to) - reservedBy(from);
  return {
    Update: {
      TableName,
      Key: { transaction_id, out_refund_no: sumKey },
      UpdateExpression: 'SET #total = :total ADD reserved :reserved, refunded :refunded',
      ExpressionAttributeNames: { '#total': 'total' },
      ExpressionAttributeValues: {
        ':total': total,
        ':reserved': reserved,
        ':refunded': to.state === 'SUCCESS' ? refund : 0,
      },
    },
  };
}
