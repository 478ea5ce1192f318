import type { HeaderValue } from '../../../rabbitmq/message.ts';
import { isBefore } from '../is-before.ts';
import type { Scenario } from './scenario.ts';
import type { Held, Transcript } from './transcript.ts';

interface Versions {
  readonly from?: string;
  /** The first version that no longer does it. */
  readonly before?: string;
  readonly reason: string;
}

/** Where brokers of some versions do other than Warren in one scenario. Nothing is skipped: of such a broker exactly that is expected. */
export interface KnownDifference extends Versions {
  readonly idle?: readonly string[];
  /** Queues that hold something else. */
  readonly queues?: Transcript['queues'];
}

/** In every scenario: what such a broker's queues hold, where Warren's hold `held`. */
interface DifferentLetters extends Versions {
  readonly letter: (held: Held) => Held;
}

const differentLetters: readonly DifferentLetters[] = [
  {
    before: '3.13',
    reason: 'Brokers from before message containers write no x-last-death headers (rule 4.6.11).',
    letter: ({ headers, ...held }) => ({
      ...held,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-last-death-'))),
    }),
  },
  {
    before: '3.13',
    reason:
      'At each death they turn the list of the earlier ones round (rabbit_dead_letter.erl, group_by_queue_and_reason/1; rule 4.6.13).',
    letter: ({ headers: { 'x-death': deaths, ...headers }, ...held }) => ({
      ...held,
      headers: Array.isArray(deaths) ? { ...headers, 'x-death': turnedRound(deaths) } : headers,
    }),
  },
];

/** What is expected of a broker of that version, where Warren leaves `transcript`. */
export function asOn(version: string, { differs = [] }: Scenario, { queues, refused, idle }: Transcript): Transcript {
  const isOfVersion = ({ from, before }: Versions): boolean =>
    (from === undefined || !isBefore(version, from)) && (before === undefined || isBefore(version, before));
  const changes = differentLetters.filter(isOfVersion).map(({ letter }) => letter);
  const changed = (one: Held): Held => changes.reduce((last, change) => change(last), one);
  const others = differs.filter(isOfVersion);
  return {
    queues: Object.assign(
      Object.fromEntries(Object.entries(queues).map(([name, letters]) => [name, letters.map(changed)])),
      ...others.map((one) => one.queues),
    ),
    refused,
    idle: others.map((one) => one.idle).find((one) => one !== undefined) ?? idle,
  };
}

/** From the order of the deaths, the latest first, to what is left of it. */
function turnedRound(deaths: readonly HeaderValue[]): HeaderValue[] {
  return deaths.reduceRight<HeaderValue[]>((earlier, death) => [death, ...earlier.toReversed()], []);
}
