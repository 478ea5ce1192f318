import { z } from 'zod';
import type { FindingClass } from '../definitions/finding.ts';

/** Which objects a setting belongs to. */
export type SettingOwner = 'classic' | 'quorum' | 'stream' | 'exchange';

export interface Setting {
  readonly owners: readonly SettingOwner[];
  /** Absent: there is no such argument. */
  readonly argument?: string | undefined;
  /** Absent: no policy can set it. */
  readonly policy?: string | undefined;
  readonly value: z.ZodType;
  /** Between argument, policy and operator policy (rules 4.8.8, 4.9.4, 4.9.5). */
  readonly merge: 'argument' | 'least' | 'least-or-unlimited';
  /** `honoured` by what is deployed; else what the difference is. */
  readonly meaning: 'honoured' | { readonly class: FindingClass; readonly message: string };
}

const queues = ['classic', 'quorum'] as const;
const everyQueue = ['classic', 'quorum', 'stream'] as const;
const natural = z.int({ error: 'must be a whole number' }).nonnegative({ error: 'must not be negative' });
const positive = z.int({ error: 'must be a whole number' }).positive({ error: 'must be above 0' });
const text = z.string({ error: 'must be a string' });

function honoured(
  owners: readonly SettingOwner[],
  name: string,
  value: z.ZodType,
  merge: Setting['merge'] = 'argument',
): Setting {
  return { owners, argument: `x-${name}`, policy: name, value, merge, meaning: 'honoured' };
}

function meaningless(owners: readonly SettingOwner[], name: string): Setting {
  const message = 'says how brokers store or place a queue: it has no meaning on SQS.';
  return {
    owners,
    argument: `x-${name}`,
    policy: name,
    value: z.unknown(),
    merge: 'argument',
    meaning: { class: 'compatible', message },
  };
}

function differing(setting: Setting, message: string): Setting {
  return { ...setting, meaning: { class: 'warning', message } };
}

const argumentOnly = { policy: undefined } as const;
const policyOnly = { argument: undefined } as const;

const notTheQueues =
  'is not honoured: every retry waits, min(min × receives, max), by the retryMin and retryMax of its consumer in lib/config.ts.';

/** Every queue and exchange setting RabbitMQ 3.13 to 4.3 knows, by its name without `x-`. */
export const settings = {
  'queue-type': {
    ...honoured(everyQueue, 'queue-type', z.enum(['classic', 'quorum', 'stream', 'default'])),
    ...argumentOnly,
  },
  'dead-letter-exchange': honoured(queues, 'dead-letter-exchange', text),
  'dead-letter-routing-key': honoured(queues, 'dead-letter-routing-key', text),
  'dead-letter-strategy': honoured(['quorum'], 'dead-letter-strategy', z.enum(['at-most-once', 'at-least-once'])),
  'message-ttl': honoured(queues, 'message-ttl', natural, 'least'),
  expires: differing(
    honoured(everyQueue, 'expires', positive, 'least'),
    'is not honoured: the queue stays when nobody uses it.',
  ),
  'max-length': honoured(queues, 'max-length', natural, 'least'),
  'max-length-bytes': honoured(everyQueue, 'max-length-bytes', natural, 'least'),
  overflow: honoured(queues, 'overflow', z.enum(['drop-head', 'reject-publish', 'reject-publish-dlx'])),
  'delivery-limit': honoured(
    ['quorum'],
    'delivery-limit',
    z.int({ error: 'must be a whole number' }),
    'least-or-unlimited',
  ),
  'max-priority': {
    ...differing(
      honoured(['classic'], 'max-priority', natural.max(255)),
      'is not honoured: messages do not overtake each other by priority.',
    ),
    ...argumentOnly,
  },
  'single-active-consumer': {
    ...honoured(queues, 'single-active-consumer', z.boolean({ error: 'must be true or false' })),
    ...argumentOnly,
  },
  'delayed-retry-type': differing(
    honoured(['quorum'], 'delayed-retry-type', z.enum(['disabled', 'all', 'failed', 'returned'])),
    notTheQueues,
  ),
  'delayed-retry-min': differing(honoured(['quorum'], 'delayed-retry-min', natural), notTheQueues),
  'delayed-retry-max': differing(honoured(['quorum'], 'delayed-retry-max', natural), notTheQueues),
  'consumer-timeout': differing(
    honoured(everyQueue, 'consumer-timeout', natural),
    'is not honoured: the function’s timeout and the queue’s visibility timeout decide.',
  ),
  'alternate-exchange': {
    ...honoured(['exchange'], 'alternate-exchange', text),
    argument: 'alternate-exchange',
  },
  'delayed-type': { ...honoured(['exchange'], 'delayed-type', text), ...argumentOnly },
  'hash-header': { ...honoured(['exchange'], 'hash-header', text), ...argumentOnly, argument: 'hash-header' },
  'hash-property': { ...honoured(['exchange'], 'hash-property', text), ...argumentOnly, argument: 'hash-property' },
  ...Object.fromEntries(
    ['federation-upstream', 'federation-upstream-set', 'federation-upstream-pattern'].map((name) => [
      name,
      {
        ...differing(
          honoured([...everyQueue, 'exchange'], name, text),
          'is not honoured: federation is not deployed, messages of the upstream do not arrive.',
        ),
        ...policyOnly,
      },
    ]),
  ),
  ...Object.fromEntries(
    [
      ...['queue-mode', 'queue-version', 'queue-leader-locator', 'queue-master-locator', 'initial-cluster-size'],
      ...['quorum-initial-group-size', 'quorum-target-group-size', 'target-group-size', 'initial-group-size'],
      ...['max-in-memory-length', 'max-in-memory-bytes', 'ha-policy', 'ha-mode', 'ha-params', 'ha-sync-mode'],
      ...['ha-sync-batch-size', 'ha-promote-on-shutdown', 'ha-promote-on-failure', 'max-age'],
      ...['stream-max-segment-size-bytes', 'stream-filter-size-bytes'],
    ].map((name) => [name, meaningless(everyQueue, name)]),
  ),
} as const satisfies Readonly<Record<string, Setting>>;

export const settingList: readonly Setting[] = Object.values(settings);

export function settingOfArgument(owner: 'queue' | 'exchange', argument: string): Setting | undefined {
  return settingList.find((setting) => setting.argument === argument && isOf(setting, owner));
}

export function settingOfPolicy(key: string): Setting | undefined {
  return settingList.find((setting) => setting.policy === key);
}

function isOf({ owners }: Setting, owner: 'queue' | 'exchange'): boolean {
  return owners.includes('exchange') ? owner === 'exchange' || owners.length > 1 : owner === 'queue';
}
