import { z } from 'zod';

/** The HTTP API does not answer as RabbitMQ's does. */
export class UnreachableBrokerError extends Error {
  override readonly name = 'UnreachableBrokerError';

  constructor(origin: string, error: unknown) {
    const { cause } = error as { cause?: unknown };
    const reason = cause instanceof Error ? cause : error;
    super(
      `${origin} is no broker's management API, or refuses the user: ${reason instanceof Error ? reason.message : String(reason)}`,
      { cause: error },
    );
  }
}

export type Management = ReturnType<typeof managementApi>;

/** RabbitMQ's HTTP API, at `http://user:password@host:port`. */
export function managementApi({ origin, username, password }: URL) {
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const request = async (method: string, resource: readonly string[], body?: unknown): Promise<unknown> => {
    const path = resource.map(encodeURIComponent).join('/');
    const response = await fetch(`${origin}/api/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /api/${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    /** Throws an `UnreachableBrokerError` when nobody answers there, or lets nobody in. */
    overview: async () => {
      try {
        return overviewSchema.parse(await request('GET', ['overview']));
      } catch (error) {
        throw new UnreachableBrokerError(origin, error);
      }
    },
    createVhost: (vhost: string) => request('PUT', ['vhosts', vhost]),
    deleteVhost: (vhost: string) => request('DELETE', ['vhosts', vhost]),
    importDefinitions: (vhost: string, definitions: object) => request('POST', ['definitions', vhost], definitions),
  };
}

const overviewSchema = z.object({
  rabbitmq_version: z.string(),
  exchange_types: z.array(z.object({ name: z.string() })),
});
