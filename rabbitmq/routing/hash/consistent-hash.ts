import { amqpValue, routingTerm } from '../../amqp-value.ts';
import type { HeaderValue } from '../../message.ts';
import type { Binding, Exchange } from '../../topology.ts';
import type { Matcher, RoutedMessage } from '../matcher.ts';
import { hashOfAtom, hashOfBytes, hashOfDouble, hashOfEmptyList, hashOfText } from './erlang-hash.ts';
import { jumpHash } from './jump-hash.ts';

/**
 * Rules 4.10. A destination has as many buckets as its weight, in the order of the bindings; the buckets chosen are those of 4.0.5
 * and 4.3.6 for keys, properties, strings, numbers, booleans and missing headers.
 */
export function consistentHashMatcher({ hashOn }: Exchange, bindings: readonly Binding[]): Matcher {
  const weighted = weightedBindings(bindings);
  const buckets = weighted.at(-1)?.end ?? 0;
  return (message, found) => {
    if (buckets === 0) return;
    const bucket = jumpHash(hashedValue(message, hashOn), buckets);
    const chosen = weighted.find(({ end }) => bucket < end);
    if (chosen) found(chosen.binding);
  };
}

/** With the bucket each one ends before. Only the first binding of a destination counts (rule 4.10.2). */
function weightedBindings(bindings: readonly Binding[]): { binding: Binding; end: number }[] {
  const seen = new Set<string>();
  let end = 0;
  return bindings.flatMap((binding) => {
    const weight = weightOf(binding);
    const destination = `${binding.destinationType} ${binding.destination}`;
    if (weight === undefined || seen.has(destination)) return [];
    seen.add(destination);
    end += weight;
    return [{ binding, end }];
  });
}

/** RabbitMQ refuses any other binding key; `+5` and `007` are integers to it (rule 4.10.1). */
export function weightOf({ bindingKey }: Pick<Binding, 'bindingKey'>): number | undefined {
  const weight = /^\+?\d+$/.test(bindingKey) ? Number(bindingKey) : 0;
  return weight >= 1 && weight <= 10_000 ? weight : undefined;
}

/** Of several keys the first decides, CC and BCC have no say (recorded from 3.10.8, 4.0.5 and 4.3.6). */
export function hashedValue(
  { routingKeys, headers, properties }: Pick<RoutedMessage, 'routingKeys' | 'headers' | 'properties'>,
  hashOn: Exchange['hashOn'],
): number {
  if (hashOn === undefined) return hashOfText(routingKeys[0] ?? '');
  if (hashOn.header !== undefined) return hashOfHeader(headers?.[hashOn.header]);
  const value = properties?.[hashOn.property];
  return value === undefined ? hashOfAtom.undefined : hashOfText(String(value));
}

/** A void header counts as a missing one; of an array or table the first item counts. */
function hashOfHeader(header: HeaderValue | undefined): number {
  if (header === undefined) return hashOfAtom.undefined;
  const { type, value } = amqpValue(header);
  switch (type) {
    case 'void':
      return hashOfAtom.undefined;
    case 'longstr':
      return hashOfText(value);
    case 'binary':
      return hashOfBytes(Buffer.from(value, 'base64'));
    case 'bool':
      return value ? hashOfAtom.true : hashOfAtom.false;
    case 'double':
      return hashOfDouble(value);
    case 'float':
      return hashOfDouble(Math.fround(value));
    case 'array':
      return hashOfFirst(value.slice(0, 1));
    case 'table':
      return hashOfFirst(Object.entries(value).slice(0, 1).flat());
    case 'timestamp':
      return value * 1000;
    case 'decimal':
      return hashOfText(routingTerm(header, 'header'));
    default:
      return value;
  }
}

/** The same bucket for the same item; not the one Erlang's hash of a tuple would choose. */
function hashOfFirst(items: readonly HeaderValue[]): number {
  return items.length === 0 ? hashOfEmptyList : hashOfText(routingTerm(items, 'header'));
}
