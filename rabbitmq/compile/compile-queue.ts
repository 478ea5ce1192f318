import { comparedForQueues, onlyCompared } from '../declaring/compared-arguments.ts';
import type { DeclaredQueue } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import { type Dialect, dialectRules } from '../dialect.ts';
import type { PolicyBook } from '../policies/policies-in-force.ts';
import { checkArguments } from '../settings/check-settings.ts';
import { inForce, type SettingName, type SettingSources, saidOf } from '../settings/settings-in-force.ts';
import type { DelayedRetry, Queue } from '../topology.ts';
import { checkReliability } from './check-reliability.ts';
import { declaredAs, optional } from './compile-exchange.ts';

export interface CompiledQueue {
  /** Absent when it cannot be deployed. */
  readonly queue?: Queue | undefined;
  readonly problems: readonly Problem[];
}

export interface QueueContext {
  readonly policies: PolicyBook;
  readonly operatorPolicies: PolicyBook;
  readonly dialect: Dialect;
  /** Of the vhost. */
  readonly defaultType: string | undefined;
}

export function compileQueue(declared: DeclaredQueue, context: QueueContext): CompiledQueue {
  const { dialect, policies, operatorPolicies } = context;
  const { vhost, name } = declared;
  const argumentsPath = [...declared.path, 'arguments'];
  const type = typeOf(declared, context);
  const problems = [
    ...checkArguments(type, declared.arguments, argumentsPath, dialect),
    ...checkType(declared, type),
    ...checkLife(declared, dialect),
  ];
  if (type === 'stream') return { problems };
  const sources: SettingSources = {
    arguments: declared.arguments,
    argumentsPath,
    policy: policies.policyFor(type, vhost, name),
    operatorPolicy: operatorPolicies.policyFor(type, vhost, name),
  };
  const settings = readSettings(sources);
  problems.push(...checkRestricted(sources), ...checkReliability(declared, type, sources, dialect));
  const deliveryLimit = type === 'quorum' ? deliveryLimitOf(sources, dialect) : undefined;
  return {
    queue: {
      vhost,
      name,
      type,
      ...optional('deliveryLimit', deliveryLimit),
      ...optional('deadLetterExchange', settings.text('dead-letter-exchange')),
      ...optional('deadLetterRoutingKey', settings.text('dead-letter-routing-key')),
      ...optional('messageTtl', settings.number('message-ttl')),
      ...optional('maxLength', settings.number('max-length')),
      ...optional('maxLengthBytes', settings.number('max-length-bytes')),
      ...optional('overflow', settings.overflow()),
      ...optional('maxPriority', settings.number('max-priority')),
      ...(inForce('single-active-consumer', sources)?.value === true && { singleActiveConsumer: true }),
      ...(type === 'quorum' &&
        dialectRules[dialect].delayedRetry &&
        optional('delayedRetry', delayedRetryOf(settings))),
      ...optional(
        'declared',
        declaredAs({
          durable: declared.durable,
          autoDelete: declared.autoDelete,
          defaultType: context.defaultType === 'classic' ? undefined : context.defaultType,
          arguments: onlyCompared(declared.arguments, comparedForQueues[type]),
        }),
      ),
    },
    problems,
  };
}

/** Imports go by the argument, then the vhost's default; the field `type` of exports changes nothing (run on 3.10.8, 4.0.5, 4.3.6). */
function typeOf({ arguments: table }: DeclaredQueue, { defaultType }: QueueContext): 'classic' | 'quorum' | 'stream' {
  const said = table['x-queue-type'];
  const type = said === undefined || said === 'default' ? defaultType : said;
  return type === 'quorum' || type === 'stream' ? type : 'classic';
}

function checkType({ path, type: field, arguments: table }: DeclaredQueue, type: string): Problem[] {
  if (type === 'stream') {
    const at = table['x-queue-type'] === undefined ? path : [...path, 'arguments', 'x-queue-type'];
    const message = 'a stream can be read from any offset, again and again: SQS has nothing like it.';
    return [
      { class: 'blocking', code: 'stream', path: at, message, fix: 'use Kinesis or a log in S3, or a quorum queue.' },
    ];
  }
  if (field === undefined || field === 'default' || field === type) return [];
  const message = `RabbitMQ's import goes by the argument x-queue-type and passes over this field: the queue is ${type}.`;
  return [
    {
      class: 'warning',
      code: 'type-field-ignored',
      path: [...path, 'type'],
      message,
      fix: `add "x-queue-type": ${JSON.stringify(field)} to its arguments, or correct the field.`,
    },
  ];
}

function checkLife({ durable, autoDelete, path, name }: DeclaredQueue, dialect: Dialect): Problem[] {
  const problems: Problem[] = [];
  if (!durable) {
    const denied = dialectRules[dialect].transientQueuesDenied;
    problems.push({
      class: denied ? 'warning' : 'compatible',
      code: 'transient-queue',
      path: [...path, 'durable'],
      message: denied
        ? `RabbitMQ 4.3 denies clients transient queues by default; here '${name}' outlives everything, as SQS queues do.`
        : `'${name}' is transient: here it outlives everything, as SQS queues do.`,
      fix: 'declare it durable.',
    });
  }
  if (autoDelete) {
    problems.push({
      class: 'warning',
      code: 'auto-delete-queue',
      path: [...path, 'auto_delete'],
      message: `'${name}' is deleted with its last consumer: here it stays, and keeps what is routed to it.`,
      fix: 'remove the queue if it served connections of clients, else declare it without auto_delete.',
    });
  }
  return problems;
}

const restrictable = ['message-ttl', 'expires', 'max-length', 'max-length-bytes', 'delivery-limit'] as const;

/** An argument that a policy makes smaller surprises whoever reads only the queue. */
function checkRestricted(sources: SettingSources): Problem[] {
  return restrictable.flatMap((name): Problem[] => {
    const [argument] = saidOf(name, sources);
    const held = inForce(name, sources);
    if (argument?.from !== 'argument' || !held || held.from === 'argument') return [];
    return [
      {
        class: 'warning',
        code: 'argument-restricted',
        path: argument.path,
        message: `says ${String(argument.value)}, but the ${held.from} says ${String(held.value)}, and the smaller one holds (rules 4.7.1, 4.9.4, 4.9.5).`,
        fix: `write ${String(held.value)}, or change the ${held.from}.`,
      },
    ];
  });
}

interface SettingValues {
  number(name: SettingName): number | undefined;
  text(name: SettingName): string | undefined;
  overflow(): Queue['overflow'];
}

function readSettings(sources: SettingSources): SettingValues {
  const value = (name: SettingName): unknown => inForce(name, sources)?.value;
  return {
    number: (name) => (typeof value(name) === 'number' ? Number(value(name)) : undefined),
    text: (name) => (typeof value(name) === 'string' ? String(value(name)) : undefined),
    overflow: () =>
      (['drop-head', 'reject-publish', 'reject-publish-dlx'] as const).find((one) => one === value('overflow')),
  };
}

/** Negative is unlimited since 4.0; before, it is less than any other limit, and over with the first delivery (rules 4.8.7, 4.8.8). */
function deliveryLimitOf(sources: SettingSources, dialect: Dialect): number | undefined {
  const { defaultDeliveryLimit, negativeLimitIsNone } = dialectRules[dialect];
  const said = saidOf('delivery-limit', sources).map(({ value }) => Number(value));
  if (said.length === 0) return defaultDeliveryLimit;
  if (!negativeLimitIsNone) return Math.max(0, Math.min(...said));
  const limit = Number(inForce('delivery-limit', sources)?.value);
  return limit >= 0 ? limit : undefined;
}

function delayedRetryOf(settings: SettingValues): DelayedRetry | undefined {
  const type = (['all', 'failed', 'returned'] as const).find((one) => one === settings.text('delayed-retry-type'));
  if (!type) return undefined;
  const min = settings.number('delayed-retry-min') ?? 0;
  return { type, min, max: settings.number('delayed-retry-max') ?? min };
}
