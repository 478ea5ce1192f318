import { PublishingConnection } from '../../../lambdas/shared/amqplib/connection.ts';
import { createBroker } from '../../../lambdas/shared/broker/broker.ts';
import type { SqsMessage } from '../../../lambdas/shared/broker/envelope.ts';
import { analyse } from '../../../rabbitmq/analyse.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import { noDelays } from '../../support/no-delays.ts';
import { definitions, type Scenario } from './scenarios.ts';
import { play, type Transcript } from './transcript.ts';

/** The scenario on Warren's publisher, over queues in memory that store everything. */
export async function playOnWarren(scenario: Scenario, dialect: Dialect): Promise<Played> {
  const queues: Record<string, string[]> = { one: [], two: [] };
  const broker = createBroker({
    topology: analyse(JSON.stringify(definitions), { dialect }).topology,
    queueUrl: ({ name }) => name,
    sender: {
      async send(url, messages) {
        queues[url]?.push(...messages.map(contentOf));
        return messages.map(() => ({ outcome: 'stored', sqsMessageId: 'sqs' }));
      },
    },
    delays: noDelays,
    now: () => new Date(0),
    random: () => 0,
  });
  let ids = 0;
  const connection = new PublishingConnection(broker, { newEventId: () => `event-${++ids}` });
  const channel = await (scenario.confirm ? connection.createConfirmChannel() : connection.createChannel());
  const transcript = await play(scenario, channel, () => channel.waitForConfirms());
  return { ...transcript, queues };
}

export interface Played extends Transcript {
  /** Contents, in base64. */
  readonly queues: Readonly<Record<string, readonly string[]>>;
}

function contentOf({ MessageBody, MessageAttributes }: SqsMessage): string {
  const { body } = JSON.parse(MessageAttributes['amqp']?.StringValue ?? '{}');
  if (body === 'empty') return '';
  return body === 'base64' ? MessageBody : Buffer.from(MessageBody).toString('base64');
}
