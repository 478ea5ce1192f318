import type { DeclaredPolicy } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';
import type { Dialect } from '../dialect.ts';
import { dialectRules } from '../dialect.ts';
import type { Headers } from '../message.ts';
import { type Setting, type SettingOwner, settingOfArgument, settingOfPolicy } from './settings.ts';

/** Are the arguments of a queue or exchange known, of the right type, and of its own kind? */
export function checkArguments(owner: SettingOwner, table: Headers, path: Path, dialect: Dialect): Problem[] {
  const kind = owner === 'exchange' ? 'exchange' : 'queue';
  return Object.entries(table).flatMap(([key, value]) => {
    const at = [...path, key];
    const setting = settingOfArgument(kind, key);
    if (!setting) return [unknownArgument(at, kind)];
    return [
      ...checkValue(setting, value, at),
      ...sharpest(checkDialect(key, at, dialect), checkOwner(setting, owner, at), meaningOf(setting, value, at)),
    ];
  });
}

/** RabbitMQ refuses a policy with a key it does not know. */
export function checkPolicy({ definition, definitionPath, name, kind }: DeclaredPolicy, dialect: Dialect): Problem[] {
  return Object.entries(definition).flatMap(([key, value]): Problem[] => {
    const path = [...definitionPath, key];
    const setting = settingOfPolicy(key);
    if (setting) {
      return [
        ...checkValue(setting, value, path),
        ...sharpest(checkDialect(key, path, dialect), meaningOf(setting, value, path)),
      ];
    }
    return [
      {
        class: 'unknown',
        code: 'unknown-policy-key',
        path,
        message: `RabbitMQ knows no such key and refuses the ${kind} '${name}'.`,
        fix: settingOfPolicy(key.replace(/^x-/, ''))
          ? `write ${key.slice(2)}.`
          : 'remove it; some settings are arguments of a queue only.',
      },
    ];
  });
}

/** What is not there at all, or is refused, needs no word on what it would mean on SQS. */
function sharpest(...said: readonly (readonly Problem[])[]): readonly Problem[] {
  return said.find(({ length }) => length > 0) ?? [];
}

function unknownArgument(path: Path, kind: string): Problem {
  return {
    class: 'unknown',
    code: 'unknown-argument',
    path,
    message: `is no argument of a ${kind} that RabbitMQ knows by itself: a plugin may, and deploying without it could change what happens to a message.`,
    fix: 'remove it.',
  };
}

function checkValue({ value: schema }: Setting, value: unknown, path: Path): Problem[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const reasons = parsed.error.issues.map(({ message }) => message).join('; ');
  return [
    {
      class: 'blocking',
      code: 'wrong-value',
      path,
      message: `${reasons}: RabbitMQ refuses it.`,
      fix: 'change the value.',
    },
  ];
}

function meaningOf({ value: schema, meaning }: Setting, value: unknown, path: Path): Problem[] {
  if (meaning === 'honoured' || !schema.safeParse(value).success) return [];
  const code = meaning.class === 'compatible' ? 'without-meaning' : 'not-honoured';
  return [{ class: meaning.class, code, path, message: meaning.message, fix: 'none, or remove it.' }];
}

function checkOwner({ owners, meaning }: Setting, owner: SettingOwner, path: Path): Problem[] {
  if (owners.includes(owner)) return [];
  return [
    {
      class: meaning === 'honoured' ? 'blocking' : 'warning',
      code: 'argument-of-another-type',
      path,
      message: `is no argument of a ${owner} queue: RabbitMQ refuses to declare it.${meaning === 'honoured' ? '' : ' Here it would have no effect, so it stops nothing.'}`,
      fix: `remove it, or declare a ${owners.join(' or ')} queue.`,
    },
  ];
}

function checkDialect(key: string, path: Path, dialect: Dialect): Problem[] {
  const { delayedRetry, mirroredQueues } = dialectRules[dialect];
  if (key.includes('delayed-retry-') && !delayedRetry) {
    const message = `RabbitMQ ${dialect} does not know delayed retries and ignores it (rule 4.8.9).`;
    return [
      {
        class: 'warning',
        code: 'other-dialect',
        path,
        message,
        fix: 'read it as 4.3 (--dialect 4.3; for synth and deploy -c dialect=4.3), or remove it.',
      },
    ];
  }
  if (key.startsWith('ha-') && !mirroredQueues) {
    const message = `classic mirrored queues are gone since RabbitMQ 4.0, which refuses a policy with ${key}; SQS replicates every queue.`;
    return [{ class: 'warning', code: 'other-dialect', path, message, fix: 'remove it.' }];
  }
  return [];
}
