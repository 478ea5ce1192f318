import type { Redis } from 'iovalkey';
import { CacheRefusedError } from './errors.ts';

/** Per connection attempt, and per command: a cache that is slower than that is no help. */
const patienceMs = 1_000;

export interface ValkeyConnection {
  /** Throws a `CacheRefusedError`. What it runs may run twice. */
  run<T>(work: (client: Redis) => Promise<T>): Promise<T>;
  /** A later `run` connects anew. */
  close(): void;
}

/**
 * One connection per container, made when it is first needed. A container may be frozen for minutes between two batches, and thaw with a
 * connection that the other side has closed: so nothing reconnects in the background, nothing is queued while there is no connection, and
 * what fails on a connection that worked before is tried once more on a new one.
 */
export function createValkeyConnection(url: string): ValkeyConnection {
  let current: Promise<Redis> | undefined;

  function drop(connection: Promise<Redis>): void {
    if (current === connection) current = undefined;
    connection.then(
      (client) => client.disconnect(),
      () => {},
    );
  }

  async function attempt<T>(connection: Promise<Redis>, work: (client: Redis) => Promise<T>): Promise<T> {
    try {
      return await work(await connection);
    } catch (error) {
      drop(connection);
      throw error;
    }
  }

  function connection(): Promise<Redis> {
    current ??= connect(url);
    return current;
  }

  return {
    async run(work) {
      const before = current;
      try {
        if (before) return await attempt(before, work).catch(() => attempt(connection(), work));
        return await attempt(connection(), work);
      } catch (error) {
        throw new CacheRefusedError(error);
      }
    },
    close() {
      if (current) drop(current);
    },
  };
}

async function connect(url: string): Promise<Redis> {
  // Loaded when there is a Valkey to talk to: without one it would only make cold starts longer.
  const { Redis } = await import('iovalkey');
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    // Its own question whether Valkey has loaded its data waits longer than we do; what has not loaded refuses the command.
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // What a call fails by, it throws; without a listener the client would also print it.
  let reason: unknown;
  client.on('error', (error) => {
    reason = error;
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.disconnect();
    // The call only says that the connection is closed, the event says why.
    throw reason ?? error;
  }
}
