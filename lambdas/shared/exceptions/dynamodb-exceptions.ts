import type { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ifItHolds } from '../aws/if-it-holds.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { contentOf, keyOf, occurrenceOf } from './exception-item.ts';
import type { Exceptions, NewException } from './exceptions.ts';
import { type RowUpdate, rowUpdate } from './row-update.ts';

export interface DynamoDbExceptionsDeps {
  readonly table: string;
  /** How long a row stays once nobody waits for it. */
  readonly keepSeconds: number;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/**
 * One row per event id, source and digest. `ExceptionsOpened` counts those that begin to wait for somebody, new or opened again: by source and
 * reason, and all of a function together.
 */
export function createDynamoDbExceptions(client: DynamoDBDocumentClient, deps: DynamoDbExceptionsDeps): Exceptions {
  /** Each answers whether somebody has to hear of it. */
  const stored = { open: opened, recorded, parked };
  return {
    async open(exception) {
      const { eventId, source, reason, error, state = 'open' } = exception;
      const isOpened = await stored[state](exception);
      if (isOpened) {
        deps.meter.count('ExceptionsOpened', { source, reason });
        deps.meter.count('ExceptionsOpened');
      }
      deps.log.warn('exception', { eventId, source, reason, error: error.name, state, isOpened });
    },

    async resolve({ eventId, row, replayId }) {
      await ifItHolds(
        client.send(
          updateOf({
            key: { event_id: eventId, source: row },
            set: { state: 'resolved', resolved_at: deps.now().toISOString(), expires_at: expiry() },
            add: ['version'],
            // Resolved before, opened again, or replayed again: nothing is left to say.
            onlyIf: { state: 'replaying', replay_id: replayId },
          }),
        ),
      );
    },
  };

  /** Whether it did not wait for anybody before. */
  async function opened(exception: NewException): Promise<boolean> {
    const { Attributes } = await client.send(
      updateOf({
        key: keyOf(exception),
        setOnce: { created_at: deps.now().toISOString(), ...contentOf(exception) },
        set: { state: 'open', ...occurrenceOf(exception, deps.now()) },
        remove: ['expires_at', 'replay_id', 'resolved_at'],
        add: ['occurrences', 'version'],
      }),
    );
    return Attributes?.['state'] !== 'open';
  }

  /** What only goes on record changes nothing for whoever waits for the row. */
  async function recorded(exception: NewException): Promise<false> {
    const occurrence = {
      key: keyOf(exception),
      setOnce: { created_at: deps.now().toISOString(), ...contentOf(exception) },
      add: ['occurrences', 'version'],
    };
    const set = { state: 'recorded', expires_at: expiry(), ...occurrenceOf(exception, deps.now()) };
    const isRecorded = await ifItHolds(
      client.send(updateOf({ ...occurrence, set, onlyIf: { state: 'recorded' }, orNew: true })),
    );
    // Sent again by a person, it was in time for nobody: on record as before.
    const isBack =
      isRecorded ||
      (await ifItHolds(
        client.send(updateOf({ ...occurrence, set, remove: ['replay_id'], onlyIf: { state: 'replaying' } })),
      ));
    if (!isBack) await client.send(updateOf({ ...occurrence, set: { last_at: deps.now().toISOString() } }));
    return false;
  }

  /** Neither an occurrence nor a failure: it says where the message is. */
  async function parked(exception: NewException): Promise<false> {
    const { who = '', why = '' } = exception.operator ?? {};
    const now = deps.now();
    await ifItHolds(
      client.send(
        updateOf({
          key: keyOf(exception),
          setOnce: { created_at: now.toISOString(), ...contentOf(exception) },
          set: { state: 'parked', ...occurrenceOf(exception, now) },
          remove: ['expires_at', 'replay_id', 'resolved_at'],
          add: ['version'],
          append: { history: { at: now.toISOString(), who, act: 'park', why, from: 'queue', to: 'parked' } },
          unless: { name: 'state', values: ['open', 'parked'] },
          orNew: true,
        }),
      ),
    );
    return false;
  }

  function expiry(): number {
    return Math.floor(deps.now().getTime() / 1000) + deps.keepSeconds;
  }

  function updateOf(update: RowUpdate): UpdateCommand {
    return rowUpdate(deps.table, update);
  }
}
