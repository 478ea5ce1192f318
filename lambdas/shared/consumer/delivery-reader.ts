import { deliveryHeaders } from '../../../rabbitmq/dead-lettering/delivery-headers.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { type Claims, withBody } from '../broker/claim-check.ts';
import { decodeRecord } from '../broker/envelope.ts';
import type { Attempt } from './attempt.ts';
import type { Consumer, Delivery } from './consumer.ts';
import { ExpiredError } from './errors.ts';
import { countedUnder, type Failures } from './failures.ts';
import { parsePayload } from './parse-payload.ts';

export interface DeliveryReaderDeps {
  readonly queue: Queue;
  readonly dialect: Dialect;
  readonly failures: Pick<Failures, 'count'>;
  /** Where bodies lie that are too large for SQS. */
  readonly claims: Pick<Claims, 'fetch'>;
  readonly now: () => Date;
}

/** From an SQS record to what a handler is given. */
export interface DeliveryReader<Body> {
  /**
   * Decode → fetch its body, if that lies elsewhere → expired? → parse. Notes the message in the attempt as soon as it is known. Throws a
   * `PermanentError` for what cannot be read and an `ExpiredError` for what is too late.
   */
  read(attempt: Attempt): Promise<Body>;
  /** What its handler is given, with the headers its queue adds to a redelivery. */
  deliver(attempt: Attempt, body: Body, deadline: AbortSignal | undefined): Promise<Delivery<Body>>;
}

export function createDeliveryReader<Body>(
  { schema }: Pick<Consumer<Body>, 'schema'>,
  { queue, dialect, failures, claims, now }: DeliveryReaderDeps,
): DeliveryReader<Body> {
  return {
    async read(attempt) {
      const message = await withBody(decodeRecord(attempt.record, queue), claims);
      attempt.message = message;
      refuseExpired(message);
      attempt.log = attempt.log.with({ eventId: message.properties.message_id });
      return await parsePayload(message, schema);
    },
    async deliver(attempt, body, deadline) {
      const message = await asDelivered(attempt);
      return { body, message, redelivered: attempt.receiveCount > 1, deadline, log: attempt.log };
    },
  };

  /** What is expired is never handed to a handler (rule 4.7.5). */
  function refuseExpired({ expiresAt }: Message): void {
    if (expiresAt !== undefined && now().getTime() >= expiresAt) throw new ExpiredError(expiresAt);
  }

  async function asDelivered({ message, receiveCount }: Attempt): Promise<Message> {
    if (!message) throw new Error('delivered before it was read');
    const returned = receiveCount - 1;
    if (returned === 0 || queue.type !== 'quorum') return message;
    const failed = await failures.count(countedUnder(message));
    return {
      ...message,
      headers: { ...message.headers, ...deliveryHeaders(queue, { returned, failed }, dialect) },
    };
  }
}
