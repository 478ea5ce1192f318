/** `-c valkey=…` says nothing that is understood. */
export class ValkeyContextError extends Error {
  override readonly name = 'ValkeyContextError';

  constructor(value: unknown) {
    super(
      `-c valkey=${String(value)}: choose serverless (ElastiCache Serverless), or give a URL, redis://… or rediss://…`,
    );
  }
}

/** Where the order cache is: in the table, in an ElastiCache of its own, or in a Valkey that somebody else runs. */
export type ValkeyChoice = 'none' | 'serverless' | { readonly url: string };

/**
 * The value of `-c valkey=…`. Default: none, the cache is a table. A URL is for what a function in no VPC can reach, as the local Valkey; it
 * stands in the function's configuration with the password in it. Throws a `ValkeyContextError`.
 */
export function parseValkey(value: unknown): ValkeyChoice {
  if (value === undefined) return 'none';
  if (value === 'serverless') return 'serverless';
  if (typeof value === 'string' && URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol))
    return { url: value };
  throw new ValkeyContextError(value);
}
