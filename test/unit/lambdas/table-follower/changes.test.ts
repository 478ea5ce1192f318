import type { DynamoDBRecord } from 'aws-lambda';
import type { DeclaredMove } from '../../../../lambdas/shared/table-moves/env.ts';
import { batchOf } from '../../../../lambdas/table-follower/changes.ts';
import { errorOf } from '../builders.ts';
import { keys } from '../table-mover/memory-move.ts';

const move: DeclaredMove = { table: 'Orders', target: 'Moved', keys, sourceName: 'orders', targetName: 'moved' };

const record = (table: string, SequenceNumber: string, dynamodb: DynamoDBRecord['dynamodb']): DynamoDBRecord => ({
  eventSourceARN: `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}/stream/2026-11-28T00:00:00.000`,
  dynamodb: { SequenceNumber, ...dynamodb },
});

describe('a batch of the stream of a table that moves', () => {
  it('is of each key the last change, and undefined what was deleted', () => {
    const [Keys, other] = [{ out_trade_no: { S: '1' } }, { out_trade_no: { S: '2' } }];

    const batch = batchOf(
      {
        Records: [
          record('orders', '1', { Keys, NewImage: { ...Keys, state: { S: 'PAYING' } } }),
          record('orders', '2', { Keys: other, NewImage: other }),
          record('orders', '3', { Keys, NewImage: { ...Keys, state: { S: 'PAID' } } }),
          record('orders', '4', { Keys: other }),
        ],
      },
      [move],
    );

    expect(batch).toEqual({
      move,
      side: 'source',
      changes: [
        { key: { out_trade_no: '1' }, item: { out_trade_no: { S: '1' }, state: { S: 'PAID' } }, sequence: '3' },
        { key: { out_trade_no: '2' }, item: undefined, sequence: '4' },
      ],
    });
  });

  it('of the target tells keys of the source, and nothing that the target alone has; bytes are bytes', () => {
    const Keys = { pk: { S: 'order#1' } };
    const NewImage = { ...Keys, out_trade_no: { S: '1' }, bytes: { B: Buffer.from('abc').toString('base64') } };

    const { side, changes } = batchOf({ Records: [record('moved', '1', { Keys, NewImage })] }, [move]);

    expect(side).toBe('target');
    expect(changes).toEqual([
      {
        key: { out_trade_no: '1' },
        item: { out_trade_no: { S: '1' }, bytes: { B: Buffer.from('abc') } },
        sequence: '1',
      },
    ]);
  });

  it('of another table is refused', () => {
    expect(String(errorOf(() => batchOf({ Records: [record('others', '1', {})] }, [move])))).toContain(
      'of the table others',
    );
  });
});
