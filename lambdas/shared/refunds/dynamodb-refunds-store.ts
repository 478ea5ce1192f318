import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { agendaEntry } from '../agenda/agenda.ts';
import type { OwnWrite } from '../aws/transaction.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { sumKey, sumsSchema } from './refund-items.ts';
import {
  isReserved,
  isSettled,
  type NewRefund,
  type RefundKey,
  type RefundRow,
  refundRowSchema,
} from './refund-row.ts';
import type { RefundsStore } from './refunds-store.ts';

/** Refunds that somebody waits for, since when. */
export const openRefundsTopic = 'open-refund';

/** Of which payment a number's refund is: so that no other has it. A number has no `#` either. */
const numberKeyOf = (out_refund_no: string) => ({ transaction_id: `#${out_refund_no}`, out_refund_no: '#number' });
const numberSchema = z.object({ of: z.string() });

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
  const find = async ({ transaction_id, out_refund_no }: RefundKey): Promise<RefundRow | undefined> => {
    const item = await get(transaction_id, out_refund_no);
    return item === undefined ? undefined : refundRowSchema.parse(item);
  };
  return {
    find,
    async findByNumber(out_refund_no) {
      const key = numberKeyOf(out_refund_no);
      const item = await get(key.transaction_id, key.out_refund_no);
      return item === undefined ? undefined : find({ transaction_id: numberSchema.parse(item).of, out_refund_no });
    },
    async sumsOf(transaction_id) {
      const item = await get(transaction_id, sumKey);
      return item === undefined ? undefined : sumsSchema.parse(item);
    },
    async request(refund, message) {
      const writes = [putOf(TableName, refund), numberOf(TableName, refund), reserveOf(TableName, refund)];
      const result = await outbox.write([message], writes);
      if (result.outcome === 'written') return { outcome: 'requested' };
      const [{ Item: known } = {}, { Item: number } = {}] = result.reasons;
      if (known) return { outcome: 'taken', refund: refundRowSchema.parse(unmarshall(known)) };
      return { outcome: number ? 'number-taken' : 'too-much' };
    },
    async settle(from, to) {
      const writes = [replaceOf(TableName, from, to), sumUpdateOf(TableName, from, to)];
      // WeChat Pay's word on whose number it is goes before ours.
      const { outcome } = await outbox.write([], from ? writes : [...writes, toldNumberOf(TableName, to)]);
      return outcome === 'written' ? 'settled' : 'changed';
    },
    async noteAsking({ transaction_id, out_refund_no }, at) {
      const note = new UpdateCommand({
        TableName,
        Key: { transaction_id, out_refund_no },
        UpdateExpression: 'SET asked_at = :at',
        ConditionExpression: '#state = :requested',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':at': at.toISOString(), ':requested': 'REQUESTED' },
        ReturnValues: 'ALL_NEW',
      });
      try {
        return refundRowSchema.parse((await client.send(note)).Attributes);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
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

function toldNumberOf(TableName: string, { transaction_id, out_refund_no }: RefundKey) {
  return { Put: { TableName, Item: { ...numberKeyOf(out_refund_no), of: transaction_id } } };
}

function numberOf(TableName: string, key: RefundKey): OwnWrite {
  return {
    Put: {
      ...toldNumberOf(TableName, key).Put,
      ConditionExpression: 'attribute_not_exists(out_refund_no) OR #of = :of',
      ExpressionAttributeNames: { '#of': 'of' },
      ExpressionAttributeValues: { ':of': key.transaction_id },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
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
  const { transaction_id, total, refund, state, refund_id, success_time } = to;
  const reservedBy = (row: RefundRow | undefined): number => (row && isReserved(row.state) ? refund : 0);
  const last = state === 'SUCCESS' &&
    refund_id !== undefined &&
    success_time !== undefined && { refund_id, success_time };
  return {
    Update: {
      TableName,
      Key: { transaction_id, out_refund_no: sumKey },
      UpdateExpression: `SET #total = :total${last ? ', #last = :last' : ''} ADD reserved :reserved, refunded :refunded`,
      ExpressionAttributeNames: { '#total': 'total', ...(last && { '#last': 'last' }) },
      ExpressionAttributeValues: {
        ':total': total,
        ':reserved': reservedBy(to) - reservedBy(from),
        ':refunded': state === 'SUCCESS' ? refund : 0,
        ...(last && { ':last': last }),
      },
    },
  };
}
