import type { OwnWrite } from '../../../../../lambdas/shared/aws/transaction.ts';
import { OutboxLimitError } from '../../../../../lambdas/shared/outbox/errors.ts';
import { itemBytes } from '../../../../../lambdas/shared/outbox/item-size.ts';
import { checkLimits, mostRowBytes, mostTransactionBytes } from '../../../../../lambdas/shared/outbox/limits.ts';
import { mostActions } from '../../../../../lambdas/shared/outbox/most-actions.ts';
import type { OutboxRow } from '../../../../../lambdas/shared/outbox/outbox-row.ts';
import { errorOf } from '../../builders.ts';
import { row } from './memory-outbox.ts';

const ownPut: OwnWrite = { Put: { TableName: 'orders', Item: { out_trade_no: 'T-1' } } };
const rows = (count: number): OutboxRow[] => Array.from({ length: count }, (_, at) => row(`a${at}`));

/** A row of exactly so many bytes. */
function rowOf(bytes: number, id = 'a1'): OutboxRow {
  const empty = row(id, { payload: 'x' });
  return { ...empty, body: 'x'.repeat(bytes - itemBytes({ ...empty, body: '' })) };
}

/** Rows of exactly so many bytes together. */
function rowsOf(bytes: number): OutboxRow[] {
  const large = Array.from({ length: Math.floor(bytes / mostRowBytes) }, (_, at) => rowOf(mostRowBytes, `a${at}`));
  const rest = bytes - large.length * mostRowBytes;
  return rest === 0 ? large : [...large, rowOf(rest, 'rest')];
}

describe('what one transaction takes', () => {
  it('is a hundred actions, the caller’s own among them', () => {
    expect(() => checkLimits(rows(100), [])).not.toThrow();
    expect(() => checkLimits(rows(99), [ownPut])).not.toThrow();

    expect(errorOf(() => checkLimits(rows(101), []))).toMatchObject({ actual: 101, most: mostActions });
    expect(errorOf(() => checkLimits(rows(99), [ownPut, ownPut]))).toEqual(
      new OutboxLimitError('the transaction has', 101, 100, 'actions'),
    );
  });

  it('is 4 MB to the byte', () => {
    expect(rowsOf(4_194_304).reduce((sum, one) => sum + itemBytes(one), 0)).toBe(4_194_304);
    expect(() => checkLimits(rowsOf(4_194_304), [])).not.toThrow();

    const error = errorOf(() => checkLimits(rowsOf(4_194_305), []));

    expect(error).toBeInstanceOf(OutboxLimitError);
    expect(error).toMatchObject({ actual: 4_194_305, most: mostTransactionBytes });
    expect(String(error)).toContain('has 4,194,305 bytes, and DynamoDB takes 4,194,304');
  });

  it.each<[string, OwnWrite, number]>([
    ['puts', { Put: { TableName: 't', Item: { id: 'x', text: 'y'.repeat(100) } } }, 2 + 1 + 4 + 100],
    [
      'updates',
      { Update: { TableName: 't', Key: { id: 'x' }, UpdateExpression: '', ExpressionAttributeValues: { ':a': 'yy' } } },
      3 + 4,
    ],
    ['deletes', { Delete: { TableName: 't', Key: { id: 'x' } } }, 3],
    ['checks', { ConditionCheck: { TableName: 't', Key: { id: 'x' }, ConditionExpression: '' } }, 3],
  ])('counts the bytes of what the caller %s', (_, own, bytes) => {
    const full = rowsOf(mostTransactionBytes - bytes);

    expect(() => checkLimits(full, [own])).not.toThrow();
    expect(errorOf(() => checkLimits([...full, rowOf(400, 'more')], [own]))).toMatchObject({
      actual: mostTransactionBytes + 400,
    });
  });
});

describe('what one row takes', () => {
  it('is what an item of 400 KB holds beside the relay’s notes', () => {
    expect(mostRowBytes).toBe(400 * 1024 - 16 * 1024);
    expect(() => checkLimits([rowOf(mostRowBytes)], [])).not.toThrow();
    expect(String(errorOf(() => checkLimits([rowOf(mostRowBytes + 1)], [])))).toContain(
      'the message of a1 has 393,217 bytes in a row, and DynamoDB takes 393,216',
    );
  });

  it('is keys as long as DynamoDB’s', () => {
    const keys = (aggregate: number, id: number) => ({
      ...row('a1'),
      aggregate: 'é'.repeat(aggregate),
      event_id: 'x'.repeat(id),
    });

    expect(() => checkLimits([keys(1024, 1024)], [])).not.toThrow();
    expect(errorOf(() => checkLimits([keys(1025, 1)], []))).toMatchObject({ actual: 2050, most: 2048 });
    expect(errorOf(() => checkLimits([keys(1, 1025)], []))).toMatchObject({ actual: 1025, most: 1024 });
  });
});
