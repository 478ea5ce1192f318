import type { Resource } from './app-resources.ts';
import { UnknownAtSynthError } from './errors.ts';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values at a path of keys. Lists on the way, and at its end, are walked: CloudFormation often takes one thing or a list of them. */
export function at(value: unknown, ...keys: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => at(item, ...keys));
  const [key, ...rest] = keys;
  if (key === undefined) return value === undefined ? [] : [value];
  return isRecord(value) ? at(value[key], ...rest) : [];
}

/** A value as text; what only a deployment can know is a question mark. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll(/\$\{[^}]*\}/g, '?');
  const [separator, parts] = isRecord(value) && Array.isArray(value['Fn::Join']) ? value['Fn::Join'] : [];
  if (Array.isArray(parts)) return parts.map(textOf).join(textOf(separator));
  const [pattern] = isRecord(value) ? at(value['Fn::Sub']) : [];
  return typeof pattern === 'string' ? textOf(pattern) : '?';
}

/** The number a property holds, or the service's default. Judging anything else would be guessing, so it is refused. */
export function knownNumber(resource: Resource, property: string, fallback?: number): number {
  const value = at(resource.properties, ...property.split('.'))[0] ?? fallback;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new UnknownAtSynthError(resource.path, property, value);
  return number;
}

export function knownBoolean(resource: Resource, property: string, fallback: boolean): boolean {
  const value = resource.properties[property] ?? fallback;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new UnknownAtSynthError(resource.path, property, value);
}

export function knownText(resource: Resource, property: string, value: unknown): string {
  if (typeof value !== 'string') throw new UnknownAtSynthError(resource.path, property, value);
  return value;
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
