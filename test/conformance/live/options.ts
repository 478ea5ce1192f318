import { parseArgs } from 'node:util';
import { isPlantName, type PlantName, plants } from './plants.ts';

export interface Options {
  /** In pairs. */
  readonly brokers: readonly { readonly amqp: string; readonly management: string }[];
  readonly seed: number;
  readonly messages: number;
  readonly round: number | undefined;
  readonly plant: PlantName | undefined;
  readonly json: boolean;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was typed is `--help`. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';
}

export const usage = `npm run conformance:live -- [options]

  --broker amqp://…       a broker, and with
  --management http://…   its HTTP API; both may be repeated, in the same order; default: AMQP_URL and MANAGEMENT_URL
  --seed N                replay a run; default: a random seed, which is printed
  --messages N            how many to compare with each broker; default 100000
  --round N               only that round of the run
  --plant RULE            break one of Warren's rules, to see it found:
${wrapped(Object.keys(plants))}
  --json                  one line of JSON for each broker
  --help                  this text
  --allow-remote          accept a broker that is not on this machine: vhosts are created there, and deleted again`;

export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv, randomSeed: () => number): Options {
  const values = parse(args);
  if (values.help) throw new HelpAsked();
  const amqp = values.broker ?? listOf(env['AMQP_URL']);
  const management = values.management ?? listOf(env['MANAGEMENT_URL']);
  if (amqp.length === 0)
    throw new UsageError('no broker: set AMQP_URL and MANAGEMENT_URL, or give --broker and --management');
  if (amqp.length !== management.length) {
    throw new UsageError(`${amqp.length} AMQP but ${management.length} management addresses: they belong in pairs`);
  }
  for (const url of amqp) checkUrl(url, /^amqps?:$/, values['allow-remote'] === true);
  for (const url of management) checkUrl(url, /^https?:$/, values['allow-remote'] === true);
  const { plant } = values;
  if (plant !== undefined && !isPlantName(plant)) throw new UsageError(`--plant ${plant} is none of the rules`);
  return {
    brokers: amqp.map((url, at) => ({ amqp: url, management: management[at] ?? '' })),
    seed: integer('seed', values.seed) ?? randomSeed(),
    messages: integer('messages', values.messages) ?? 100_000,
    round: integer('round', values.round),
    plant,
    json: values.json === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        broker: { type: 'string', multiple: true },
        management: { type: 'string', multiple: true },
        seed: { type: 'string' },
        messages: { type: 'string' },
        round: { type: 'string' },
        plant: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        'allow-remote': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function listOf(value: string | undefined): string[] {
  return value ? [value] : [];
}

function integer(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new UsageError(`--${name} ${text} is not a whole number from 0`);
  return Number(text);
}

function checkUrl(text: string, protocol: RegExp, allowRemote: boolean): void {
  const url = URL.parse(text);
  if (!url || !protocol.test(url.protocol))
    throw new UsageError(`${text} is not an address of the kind ${protocol.source}`);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (!isLoopback && !allowRemote) {
    throw new UsageError(`${url.host} is not this machine: vhosts would be created there; --allow-remote accepts it`);
  }
}

function wrapped(names: readonly string[]): string {
  const each = 4;
  const rows = Array.from({ length: Math.ceil(names.length / each) }, (_, row) =>
    names.slice(row * each, (row + 1) * each),
  );
  return rows.map((row) => `${' '.repeat(26)}${row.join(', ')}`).join(',\n');
}
