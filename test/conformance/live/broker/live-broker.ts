import { randomUUID } from 'node:crypto';
import { type ChannelModel, connect } from 'amqplib';
import pMap from 'p-map';
import { exchangeTypes } from '../../../../rabbitmq/topology.ts';
import type { Broker, Definitions, Outcome, Publish } from '../case.ts';
import { declare } from './declare.ts';
import { consumeAll } from './deliveries.ts';
import { type Management, managementApi } from './management.ts';
import {
  type Answer,
  couldClose,
  couldCrash,
  type Numbered,
  publishAlone,
  publishOnOwnConnection,
  publishTogether,
} from './publish.ts';

const patienceMs = 60_000;
const channelsAtOnce = 16;

export interface LiveBroker extends Broker {
  /** Deletes the vhosts that are left when rounds were cut off. */
  close(): Promise<void>;
}

export async function connectBroker(amqpUrl: string, managementUrl: string): Promise<LiveBroker> {
  const management = managementApi(new URL(managementUrl));
  const { rabbitmq_version: version, exchange_types } = await management.overview();
  const vhosts = new Set<string>();

  /** In a vhost of its own, which nothing survives. */
  async function publishAll(definitions: Definitions, messages: readonly Publish[]): Promise<Outcome[]> {
    const vhost = `warren-conformance-${randomUUID()}`;
    vhosts.add(vhost);
    try {
      await management.createVhost(vhost);
      const urlOfVhost = new URL(amqpUrl);
      urlOfVhost.pathname = `/${vhost}`;
      return await withConnection(urlOfVhost, (connection) =>
        runRound({ management, connection, url: urlOfVhost, vhost }, definitions, messages),
      );
    } finally {
      await management.deleteVhost(vhost);
      vhosts.delete(vhost);
    }
  }

  return {
    version,
    exchangeTypes: exchangeTypes.filter((type) => exchange_types.some(({ name }) => name === type)),
    publishAll,
    async close() {
      for (const vhost of vhosts) await management.deleteVhost(vhost).catch(() => {});
    },
  };
}

interface Place {
  readonly management: Management;
  readonly connection: ChannelModel;
  /** For more connections. */
  readonly url: URL;
  readonly vhost: string;
}

async function runRound(
  { management, connection, url, vhost }: Place,
  definitions: Definitions,
  messages: readonly Publish[],
): Promise<Outcome[]> {
  await declare(management, connection, vhost, definitions);
  const deliveries = await consumeAll(
    connection,
    definitions.queues.map(({ name }) => name),
  );
  const numbered = messages.map((message, at) => ({ ...message, at }));
  const { alone = [], together = [] } = Object.groupBy(numbered, (message) =>
    couldClose(definitions, message) || couldCrash(definitions, message) ? 'alone' : 'together',
  );
  const answers = await publishTogether(connection, together);
  // The messages of a channel that closed are published again as others, since some may have arrived.
  const offset = answers ? 0 : messages.length;
  const rest = answers ? alone : numbered.map((message) => ({ ...message, at: message.at + offset }));
  const all = new Map([...(answers ?? []), ...(await publishEachAlone({ connection, url }, definitions, rest))]);
  await deliveries.settle();

  return numbered.map(({ at }) => {
    const answer = all.get(at + offset);
    if (!answer) throw new Error(`message ${at} was not answered`);
    return 'error' in answer ? answer : { queues: deliveries.queuesOf(at + offset), ...answer };
  });
}

async function publishEachAlone(
  { connection, url }: Pick<Place, 'connection' | 'url'>,
  definitions: Definitions,
  messages: readonly Numbered[],
): Promise<[number, Answer][]> {
  const publish = (message: Numbered) =>
    couldCrash(definitions, message) ? publishOnOwnConnection(url, message) : publishAlone(connection, message);
  return pMap(messages, async (message) => [message.at, await publish(message)], { concurrency: channelsAtOnce });
}

/** Fails when the connection does, or when nothing comes of the work for a minute. */
async function withConnection<T>(url: URL, work: (connection: ChannelModel) => Promise<T>): Promise<T> {
  const connection = await connect(url.href);
  const { promise: broken, reject } = Promise.withResolvers<never>();
  connection.on('error', reject);
  const timer = setTimeout(() => reject(new Error(`the broker did not finish within ${patienceMs} ms`)), patienceMs);
  try {
    const result = await Promise.race([work(connection), broken]);
    await connection.close();
    return result;
  } catch (error) {
    // Not waited for: a broker that is stuck answers when its vhost is deleted.
    connection.close().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
