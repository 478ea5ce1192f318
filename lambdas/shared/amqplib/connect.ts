import type { Publisher } from '../broker/broker.ts';
import { type ConnectOptions, PublishingConnection } from './connection.ts';

/**
 * amqplib's `connect`, over a broker that a function's `index.ts` has made: vhost and user are those of the URL, host and password mean
 * nothing. It rejects with a `TypeError` for what is no URL.
 */
export function createConnect(
  publisher: Publisher,
  options: Pick<ConnectOptions, 'topology' | 'newEventId' | 'deadline'>,
) {
  return async (url = 'amqp://guest@localhost'): Promise<PublishingConnection> =>
    new PublishingConnection(publisher, { ...options, ...placeOf(url) });
}

/** As amqplib reads them: no path is the vhost `/`, no user is `guest`. */
export function placeOf(url: string): { readonly vhost: string; readonly user: string } {
  const { pathname, username } = new URL(url);
  return {
    vhost: pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : '/',
    user: username === '' ? 'guest' : decodeURIComponent(username),
  };
}
