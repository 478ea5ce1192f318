import { PublishingConnection } from '../../../lambdas/shared/amqplib/connection.ts';
import { decodeHeaders } from '../../../lambdas/shared/amqplib/decode-headers.ts';
import { decodeProperties } from '../../../lambdas/shared/amqplib/decode-properties.ts';
import { createBroker } from '../../../lambdas/shared/broker/broker.ts';
import { decodeMessage, envelopeAttribute, type SqsMessage } from '../../../lambdas/shared/broker/envelope.ts';
import { analyse } from '../../../rabbitmq/analyse.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import { bodyBytesLimits } from '../../../rabbitmq/publishing/publish.ts';
import { noClaims } from '../../support/no-claims.ts';
import { noDelays } from '../../support/no-delays.ts';
import { whole } from '../../support/whole-message.ts';
import { definitions } from './definitions.ts';
import { type Queued, queued } from './queued.ts';
import type { Scenario } from './scenario.ts';
import { play, type Transcript } from './transcript.ts';

/** The scenario on Warren's publisher, over queues in memory that store everything. */
export async function playOnWarren(scenario: Scenario, dialect: Dialect): Promise<Played> {
  const queues: Record<string, Queued[]> = { one: [], two: [] };
  const { topology } = analyse(JSON.stringify(definitions), { dialect });
  const broker = createBroker({
    topology,
    queueUrl: ({ name }) => name,
    sender: {
      async send(url, messages) {
        for (const { encode } of messages) queues[url]?.push(readFrom(await encode()));
        return messages.map(() => ({ outcome: 'stored', sqsMessageId: 'sqs' }));
      },
    },
    delays: noDelays,
    gate: async (copies) => copies.map(() => 'store'),
    claims: noClaims,
    maxBodyBytes: bodyBytesLimits.usual,
    now: () => new Date(0),
    random: () => 0,
  });
  let ids = 0;
  const connection = new PublishingConnection(broker, { topology, newEventId: () => `event-${++ids}` });
  const channel = await (scenario.confirm ? connection.createConfirmChannel() : connection.createChannel());
  const transcript = await play(scenario, channel, () => channel.waitForConfirms());
  return { ...transcript, queues };
}

export interface Played extends Transcript {
  readonly queues: Readonly<Record<string, readonly Queued[]>>;
}

/** As amqplib would hand it to a consumer. An event id that was made for it is ours alone. */
function readFrom({ MessageBody, MessageAttributes }: SqsMessage): Queued {
  const attribute = MessageAttributes[envelopeAttribute]?.StringValue ?? '';
  const message = whole(decodeMessage(MessageBody, attribute, 'sqs'));
  const { exchange, routingKeys, properties, headers, idIsMade, ...body } = message;
  return queued({
    fields: { exchange, routingKey: routingKeys[0] ?? '' },
    content: Buffer.from(body.payload, body.payloadEncoding === 'base64' ? 'base64' : 'utf8'),
    properties: {
      ...decodeProperties({ ...properties, message_id: idIsMade ? undefined : properties.message_id }),
      headers: decodeHeaders(headers),
    },
  });
}
