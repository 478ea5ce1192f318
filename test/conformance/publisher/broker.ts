import { randomUUID } from 'node:crypto';
import { type ChannelModel, connect } from 'amqplib';
import { declare } from '../live/broker/declare.ts';
import { managementApi } from '../live/broker/management.ts';
import { definitions } from './definitions.ts';
import { type Queued, queued } from './queued.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { type PublishingChannel, play } from './transcript.ts';
import type { Played } from './warren.ts';

export interface PlayedOnBroker {
  readonly version: string;
  readonly played: Readonly<Record<string, Played>>;
}

/** All scenarios on real amqplib and a real broker, in a vhost of their own. */
export async function playOnBroker(amqpUrl: string, managementUrl: string): Promise<PlayedOnBroker> {
  const management = managementApi(new URL(managementUrl));
  const { rabbitmq_version: version } = await management.overview();
  const vhost = `warren-publisher-${randomUUID()}`;
  await management.createVhost(vhost);
  try {
    const url = new URL(amqpUrl);
    url.pathname = `/${vhost}`;
    const connection = await connect(url.href);
    await declare(management, connection, vhost, definitions);
    const played: Record<string, Played> = {};
    for (const scenario of scenarios) played[scenario.name] = await playOne(scenario, connection);
    await connection.close();
    return { version, played: JSON.parse(JSON.stringify(played).replaceAll(vhost, '/')) };
  } finally {
    await management.deleteVhost(vhost);
  }
}

async function playOne(scenario: Scenario, connection: ChannelModel): Promise<Played> {
  const channel = await (scenario.confirm ? connection.createConfirmChannel() : connection.createChannel());
  const transcript = await play(scenario, channel as unknown as PublishingChannel, () => channel.checkQueue('one'));
  return {
    ...transcript,
    queues: { one: await contentsOf('one', connection), two: await contentsOf('two', connection) },
  };
}

async function contentsOf(queue: string, connection: ChannelModel): Promise<Queued[]> {
  const channel = await connection.createChannel();
  const contents: Queued[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (message === false) break;
    contents.push(queued(message));
  }
  await channel.close();
  return contents;
}
