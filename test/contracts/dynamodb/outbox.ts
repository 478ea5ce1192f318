import { randomUUID } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { OwnWrite } from '../../../lambdas/shared/aws/transaction.ts';
import { EventIdReusedError, GivenUpError, PartlyWrittenError } from '../../../lambdas/shared/outbox/errors.ts';
import type { Outbox } from '../../../lambdas/shared/outbox/outbox.ts';
import type { OutboxMessage } from '../../../lambdas/shared/outbox/outbox-message.ts';
import type { RowKey } from '../../../lambdas/shared/outbox/stored-row.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import { message, rejectionOf } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';

/** An outbox, which tells a later time at each write, beside a table of the caller's own. */
export interface OutboxUnderTest {
  readonly outbox: Outbox;
  rows(): Promise<Record<string, unknown>[]>;
  /** What the relay does with a row that it cannot deliver. */
  giveUp(row: RowKey): Promise<void>;
  readonly ownTable: string;
  /** How often the own write of this id was made. */
  ownWrites(id: string): Promise<number>;
  /** From now on the condition of that own write does not hold. */
  close(id: string): Promise<void>;
}

export function outboxContract(open: () => OutboxUnderTest, check: Check = it): void {
  /** Messages of an aggregate that nobody else has, and an own write. */
  function given() {
    const { rows, ownTable, ...parts } = open();
    const aggregate = `test#${randomUUID()}`;
    const id = randomUUID();
    const toWrite = (name: string, changes: Partial<Message> = {}): OutboxMessage => ({
      aggregate,
      message: message({ properties: { message_id: name }, ...changes }),
    });
    const ownWrite: OwnWrite = {
      Update: {
        TableName: ownTable,
        Key: { id },
        UpdateExpression: 'ADD made :one',
        ConditionExpression: 'attribute_not_exists(closed)',
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
    const mine = async () => (await rows()).filter((row) => row['aggregate'] === aggregate);
    return {
      ...parts,
      toWrite,
      ownWrite,
      mine,
      eventIds: async () => (await mine()).map((row) => row['event_id']).sort(),
      giveUp: (name: string) => parts.giveUp({ aggregate, event_id: name }),
      close: () => parts.close(id),
      ownWrites: () => parts.ownWrites(id),
    };
  }

  describe('an event that is written again', () => {
    check('is a success and no second row, whatever its new timestamp and time', async () => {
      const { outbox, toWrite, mine } = given();
      const published = (timestamp: number) => toWrite('a1', { properties: { message_id: 'a1', timestamp } });
      await outbox.write([published(1)]);
      const before = await mine();

      const result = await outbox.write([published(3601)]);

      expect(result).toEqual({ outcome: 'written', rows: ['written-before'] });
      expect(await mine()).toEqual(before);
    });

    check('beside new ones leaves these to be written, together', async () => {
      const { outbox, toWrite, eventIds } = given();
      await outbox.write([toWrite('a2')]);

      const result = await outbox.write(['a1', 'a2', 'a3'].map((name) => toWrite(name)));

      expect(result).toEqual({ outcome: 'written', rows: ['written', 'written-before', 'written'] });
      expect(await eventIds()).toEqual(['a1', 'a2', 'a3']);
    });

    check('in the same request is one row, written for the first of them', async () => {
      const { outbox, toWrite, eventIds } = given();

      const result = await outbox.write([toWrite('a1'), toWrite('a1')]);

      expect(result).toEqual({ outcome: 'written', rows: ['written', 'written-before'] });
      expect(await eventIds()).toEqual(['a1']);
    });

    for (const [what, changes] of [
      ['another body', { payload: '{"n":2}' }],
      ['another routing key', { routingKeys: ['payment.other'] }],
      ['another header', { headers: { n: 1 } }],
      ['another property', { properties: { message_id: 'a1', type: 'other' } }],
    ] as const) {
      check(`with ${what} is refused: it would be lost; and nothing beside it is written`, async () => {
        const { outbox, toWrite, eventIds } = given();
        await outbox.write([toWrite('a1')]);

        const error = await rejectionOf(outbox.write([toWrite('b1'), toWrite('a1', changes)]));

        expect(error).toEqual(new EventIdReusedError(['a1']));
        expect(await eventIds()).toEqual(['a1']);
      });
    }

    check('with other content in one request is refused', async () => {
      const { outbox, toWrite, eventIds } = given();

      const error = await rejectionOf(outbox.write([toWrite('a1'), toWrite('a1', { payload: '2' })]));

      expect(error).toEqual(new EventIdReusedError(['a1']));
      expect(await eventIds()).toEqual([]);
    });

    check('by ten at the same moment is one row, written by one of them', async () => {
      const { outbox, toWrite, eventIds, ownWrite, ownWrites } = given();

      const results = await Promise.all(Array.from({ length: 10 }, () => outbox.write([toWrite('a1')], [ownWrite])));

      const rows = results.map((result) => (result.outcome === 'written' ? result.rows[0] : result.outcome));
      expect(rows.toSorted()).toEqual(['written', ...Array(9).fill('written-before')]);
      expect(await eventIds()).toEqual(['a1']);
      expect(await ownWrites()).toBe(1);
    });

    check('is not called written before once the relay has given it up: nothing sends it any more', async () => {
      const { outbox, toWrite, giveUp } = given();
      await outbox.write([toWrite('a1')]);
      await giveUp('a1');

      expect(await rejectionOf(outbox.write([toWrite('a1')]))).toEqual(new GivenUpError(['a1']));
    });
  });

  describe('the caller’s own writes', () => {
    check('are made with the rows, once', async () => {
      const { outbox, toWrite, ownWrite, ownWrites, giveUp } = given();
      await outbox.write([toWrite('a1')], [ownWrite]);

      const again = await outbox.write([toWrite('a1')], [ownWrite]);
      await giveUp('a1');

      expect(again).toEqual({ outcome: 'written', rows: ['written-before'] });
      expect(await outbox.write([toWrite('a1')], [ownWrite])).toMatchObject({ rows: ['written-before'] });
      expect(await ownWrites()).toBe(1);
    });

    check('are answered with what stands against them, and nothing is written', async () => {
      const { outbox, toWrite, ownWrite, close, eventIds } = given();
      await close();

      const result = await outbox.write([toWrite('a1')], [ownWrite]);

      expect(result).toMatchObject({ outcome: 'refused', reasons: [{ Code: 'ConditionalCheckFailed' }] });
      const [reason] = result.outcome === 'refused' ? result.reasons : [];
      expect(unmarshall(reason?.Item ?? {})).toMatchObject({ closed: true });
      expect(await eventIds()).toEqual([]);
    });

    check('were made with rows that are there, although their conditions do not hold any more', async () => {
      const { outbox, toWrite, ownWrite, close } = given();
      await outbox.write([toWrite('a1')], [ownWrite]);
      await close();

      expect(await outbox.write([toWrite('a1')], [ownWrite])).toEqual({ outcome: 'written', rows: ['written-before'] });
    });

    check('are not made beside rows of which only some are there', async () => {
      const { outbox, toWrite, ownWrite, eventIds, ownWrites } = given();
      await outbox.write([toWrite('a1')]);

      const error = await rejectionOf(outbox.write([toWrite('a1'), toWrite('a2')], [ownWrite]));

      expect(error).toEqual(new PartlyWrittenError(['a1']));
      expect({ ids: await eventIds(), ownWrites: await ownWrites() }).toEqual({ ids: ['a1'], ownWrites: 0 });
    });

    check('may come without messages', async () => {
      const { outbox, ownWrite, ownWrites } = given();

      expect(await outbox.write([], [ownWrite])).toEqual({ outcome: 'written', rows: [] });
      expect(await ownWrites()).toBe(1);
    });
  });

  check('as many messages as a transaction takes are one transaction', async () => {
    const { outbox, toWrite, eventIds } = given();

    await outbox.write(Array.from({ length: 100 }, (_, at) => toWrite(`a${at}`)));

    expect(await eventIds()).toHaveLength(100);
  });
}
