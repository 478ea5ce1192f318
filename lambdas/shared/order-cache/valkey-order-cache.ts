import { type CachedOrder, cachedOrderSchema } from './cached-order.ts';
import type { OrderCache } from './order-cache.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/**
 * SET, unless a newer version is there. Valkey runs a script as one step. What is no order of ours (another type, other text) holds no
 * version, and is overwritten. KEYS: the order's. ARGV: the order as JSON, its version, its life in seconds. 1: stored.
 */
const putScript = `
local held = redis.pcall('GET', KEYS[1])
local isOrder, order = pcall(cjson.decode, held)
if isOrder and type(order) == 'table' and type(order.version) == 'number' and order.version > tonumber(ARGV[2]) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
return 1
`;

/** One key per order, `order:{out_trade_no}`, which anybody may GET: JSON, as the event told it. */
export function createValkeyOrderCache(
  connection: Pick<ValkeyConnection, 'run'>,
  { lifeSeconds }: { readonly lifeSeconds: number },
): OrderCache {
  return {
    async get(out_trade_no) {
      const text = await connection.run((client) => client.get(keyOf(out_trade_no)).catch(noText));
      return orderOf(text);
    },

    async put(order) {
      const { out_trade_no, version } = order;
      const args = [JSON.stringify(order), version, lifeSeconds];
      const stored = await connection.run((client) => client.eval(putScript, 1, keyOf(out_trade_no), ...args));
      return stored === 1 ? 'stored' : 'kept';
    },
  };
}

export function keyOf(out_trade_no: string): string {
  return `order:${out_trade_no}`;
}

function noText(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
  throw error;
}

/** What somebody else has put there is as good as nothing: the next event, or a rebuild, mends it. */
function orderOf(text: string | null): CachedOrder | undefined {
  try {
    return cachedOrderSchema.parse(JSON.parse(text ?? 'null'));
  } catch {
    return undefined;
  }
}
