import type { DeclaredPolicy } from '../definitions/definitions.ts';
import type { Path } from '../definitions/json-document.ts';
import type { Headers } from '../message.ts';
import { type Setting, settings } from './settings.ts';

export interface InForce {
  readonly value: unknown;
  /** Where it is said. */
  readonly path: Path;
  readonly from: 'argument' | 'policy' | 'operator policy';
}

export interface SettingSources {
  readonly arguments: Headers;
  readonly argumentsPath: Path;
  readonly policy?: DeclaredPolicy | undefined;
  readonly operatorPolicy?: DeclaredPolicy | undefined;
}

export type SettingName = keyof typeof settings;

/** Everything said of a setting, the argument first. Values of a wrong type are not among it: they are findings. */
export function saidOf(name: SettingName, sources: SettingSources): InForce[] {
  const setting: Setting = settings[name];
  const { policy, operatorPolicy } = sources;
  const said = [
    valueIn(setting, setting.argument, sources.arguments, sources.argumentsPath, 'argument'),
    policy && valueIn(setting, setting.policy, policy.definition, policy.definitionPath, 'policy'),
    operatorPolicy &&
      valueIn(setting, setting.policy, operatorPolicy.definition, operatorPolicy.definitionPath, 'operator policy'),
  ];
  return said.filter((one) => one !== undefined);
}

/** Which of them holds (rules 4.8.8, 4.9.4, 4.9.5). */
export function inForce(name: SettingName, sources: SettingSources): InForce | undefined {
  const said = saidOf(name, sources);
  const setting: Setting = settings[name];
  switch (setting.merge) {
    case 'argument':
      return said.find(({ from }) => from === 'argument') ?? said.at(-1);
    case 'least':
      return leastOf(said);
    case 'least-or-unlimited':
      // A negative limit is none, and gives way to any that is one.
      return leastOf(said.filter(({ value }) => Number(value) >= 0)) ?? said[0];
    default:
      throw new Error(`no rule for ${setting.merge satisfies never}`);
  }
}

function leastOf(said: readonly InForce[]): InForce | undefined {
  return said.toSorted((one, other) => Number(one.value) - Number(other.value))[0];
}

function valueIn(
  { value: schema }: Setting,
  key: string | undefined,
  table: Headers,
  path: Path,
  from: InForce['from'],
): InForce | undefined {
  if (key === undefined || !Object.hasOwn(table, key)) return undefined;
  const parsed = schema.safeParse(table[key]);
  return parsed.success ? { value: parsed.data, path: [...path, key], from } : undefined;
}
