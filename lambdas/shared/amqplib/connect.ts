import { v7 as uuidv7 } from 'uuid';
import { sqsClient } from '../aws/clients.ts';
import { brokerEnvSchema } from '../broker/env.ts';
import { createSqsBroker } from '../broker/sqs-broker.ts';
import { loadTopology } from '../broker/topology-file.ts';
import { parseEnv } from '../env.ts';
import { PublishingConnection } from './connection.ts';

/**
 * amqplib's `connect`, inside a function that is granted to publish: vhost and user are those of the URL, host and password mean
 * nothing. Throws a `TypeError` for what is no URL.
 */
export async function connect(url = 'amqp://guest@localhost'): Promise<PublishingConnection> {
  const env = parseEnv(brokerEnvSchema, process.env);
  const broker = createSqsBroker({ env, topology: loadTopology(), sqs: sqsClient(), now: () => new Date() });
  return new PublishingConnection(broker, { ...placeOf(url), newEventId: uuidv7 });
}

/** As amqplib reads them: no path is the vhost `/`, no user is `guest`. */
export function placeOf(url: string): { readonly vhost: string; readonly user: string } {
  const { pathname, username } = new URL(url);
  return {
    vhost: pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : '/',
    user: username === '' ? 'guest' : decodeURIComponent(username),
  };
}
