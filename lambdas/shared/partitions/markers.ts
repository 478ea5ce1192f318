import { createHash } from 'node:crypto';
import type { Place } from '../../../rabbitmq/partitions/ring.ts';
import type { NamedQueue } from '../../../rabbitmq/plan/queue-name.ts';
import type { QueueSender } from '../broker/queue-sender.ts';
import type { ExchangeAddress } from './partition-store.ts';
import { stampAttributes } from './stamp.ts';

/** Sends the markers of a step into the groups keys have left. MUST throw unless all of them are stored. */
export type SendMarkers = (exchange: ExchangeAddress, version: number, places: readonly Place[]) => Promise<void>;

/** Some markers are not in their partition, or nobody knows: the command sends them again. */
export class MarkersNotSentError extends Error {
  override readonly name = 'MarkersNotSentError';

  constructor(queue: string, missing: number, reason: string) {
    super(`${missing} markers were not stored in '${queue}': ${reason}. Run the same command again.`);
  }
}

export function createSendMarkers({
  sender,
  queueUrl,
}: {
  readonly sender: QueueSender;
  readonly queueUrl: (queue: NamedQueue) => string;
}): SendMarkers {
  return async ({ vhost, name: exchange }, version, places) => {
    const attributes = stampAttributes({ vhost, exchange, version, marker: true });
    for (const [queue, some] of Map.groupBy(places, (place) => place.queue)) {
      const sent = await sender.send(
        queueUrl({ vhost, name: queue, singleActiveConsumer: true }),
        some.map(({ group }) => ({
          group,
          encode: async () => ({
            MessageBody: '(marker)',
            MessageAttributes: attributes,
            MessageGroupId: group,
            MessageDeduplicationId: hashOf([exchange, version, group]),
          }),
        })),
      );
      const missing = sent.filter(({ outcome }) => outcome !== 'stored');
      const [first] = missing;
      if (first) throw new MarkersNotSentError(queue, missing.length, 'reason' in first ? first.reason : 'no answer');
    }
  };
}

/** Of a marker that is sent twice in five minutes SQS takes one, though it may be lost by then; later ones say the same. */
function hashOf(identity: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
