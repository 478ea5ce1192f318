import { comparedForExchanges, onlyCompared } from '../declaring/compared-arguments.ts';
import type { DeclaredExchange, DeclaredPolicy } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';
import type { Dialect } from '../dialect.ts';
import { checkArguments } from '../settings/check-settings.ts';
import { inForce, type SettingName } from '../settings/settings-in-force.ts';
import {
  type Declared,
  type Exchange,
  type ExchangeType,
  exchangeTypes,
  type HashOn,
  hashableProperties,
} from '../topology.ts';

export interface CompiledExchange {
  /** Absent when it cannot be deployed. */
  readonly exchange?: Exchange | undefined;
  readonly problems: readonly Problem[];
}

export interface ExchangeContext {
  readonly policy: DeclaredPolicy | undefined;
  readonly dialect: Dialect;
}

export function compileExchange(declared: DeclaredExchange, { policy, dialect }: ExchangeContext): CompiledExchange {
  const argumentsPath = [...declared.path, 'arguments'];
  const sources = { arguments: declared.arguments, argumentsPath, policy };
  const say = (name: SettingName): string | undefined => {
    const value = inForce(name, sources)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const problems = [...checkArguments('exchange', declared.arguments, argumentsPath, dialect), ...checkLife(declared)];
  const delayed = declared.type === 'x-delayed-message';
  const typePath = delayed ? [...argumentsPath, 'x-delayed-type'] : [...declared.path, 'type'];
  const type = routedType((delayed ? say('delayed-type') : declared.type) ?? '', typePath, problems);
  if (!type) return { problems };
  const hashOn = compileHash(say('hash-header'), say('hash-property'), argumentsPath, problems);
  return {
    exchange: {
      vhost: declared.vhost,
      name: declared.name,
      type,
      internal: declared.internal,
      ...optional('alternateExchange', say('alternate-exchange')),
      ...(delayed && { delayed }),
      ...optional('hashOn', hashOn),
      ...optional(
        'declared',
        declaredAs({
          ...declared,
          type: declared.type === type ? undefined : declared.type,
          arguments: onlyCompared(declared.arguments, comparedForExchanges),
        }),
      ),
    },
    problems,
  };
}

/** `{ [key]: value }`, or nothing: what is not set does not travel in the topology. */
export function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  const entry: { [K in Key]?: Value } = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

/** Of how it was declared, what is not the usual. */
export function declaredAs({
  type,
  durable,
  autoDelete,
  defaultType,
  arguments: table,
}: Declared): Declared | undefined {
  const declared = {
    ...optional('type', type),
    ...(durable === false && { durable }),
    ...(autoDelete && { autoDelete }),
    ...optional('defaultType', defaultType),
    ...optional('arguments', table),
  };
  return Object.keys(declared).length > 0 ? declared : undefined;
}

const refusedTypes: Readonly<Record<string, string>> = {
  'x-recent-history': 'replays its last messages to new bindings, and bindings are not made at run time here',
  'x-jms-topic': 'selects by JMS expressions, which only its plugin evaluates',
  'x-rtopic': 'routes by wildcards in the routing key, which only its plugin evaluates',
  'x-event': 'tells a broker’s own events, and there is no broker',
};

function routedType(type: string, path: Path, problems: Problem[]): ExchangeType | undefined {
  const routed = exchangeTypes.find((one) => one === type);
  if (routed) return routed;
  if (type === 'x-local-random') {
    const message = 'picks a queue on the publisher’s node: here it picks any of the bound queues, as x-random does.';
    problems.push({ class: 'warning', code: 'no-node-locality', path, message, fix: 'none.' });
    return 'x-random';
  }
  const reason = Object.hasOwn(refusedTypes, type) ? refusedTypes[type] : undefined;
  problems.push({
    class: reason ? 'blocking' : 'unknown',
    code: 'exchange-type',
    path,
    message: reason
      ? `an exchange of type ${type} ${reason}.`
      : `'${type}' is no exchange type RabbitMQ knows by itself: it refuses to declare the exchange.`,
    fix: `use one of ${[...exchangeTypes, 'x-local-random', 'x-delayed-message'].join(', ')}.`,
  });
  return undefined;
}

function compileHash(
  header: string | undefined,
  name: string | undefined,
  path: Path,
  problems: Problem[],
): HashOn | undefined {
  if (header !== undefined && name !== undefined) {
    const message = 'both hash-header and hash-property are set: RabbitMQ refuses the exchange with 406 (rule 4.10.3).';
    problems.push({ class: 'blocking', code: 'hash-on-both', path, message, fix: 'keep one of them.' });
    return undefined;
  }
  if (header !== undefined) return { header };
  if (name === undefined) return undefined;
  const property = hashableProperties.find((one) => one === name);
  if (property) return { property };
  const message = `hash-property must be one of ${hashableProperties.join(', ')} (rule 4.10.3).`;
  problems.push({
    class: 'blocking',
    code: 'wrong-value',
    path: [...path, 'hash-property'],
    message,
    fix: 'change the value.',
  });
  return undefined;
}

function checkLife({ durable, autoDelete, path }: DeclaredExchange): Problem[] {
  if (durable && !autoDelete) return [];
  const message = `the exchange is ${durable ? 'auto-delete' : 'transient'}: here it stays as long as it is declared.`;
  return [
    {
      class: 'compatible',
      code: 'transient-exchange',
      path: [...path, durable ? 'auto_delete' : 'durable'],
      message,
      fix: 'none.',
    },
  ];
}
