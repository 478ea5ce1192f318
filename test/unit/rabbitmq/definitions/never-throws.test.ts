import * as fc from 'fast-check';
import { analyse } from '../../../../rabbitmq/analyse.ts';

/** JSON that is nearly definitions: the right keys over anything. */
const nearly = fc.record(
  {
    exchanges: fc.oneof(
      fc.jsonValue(),
      fc.array(objectOf('name', 'type', 'vhost', 'arguments', 'internal'), { maxLength: 3 }),
    ),
    queues: fc.oneof(
      fc.jsonValue(),
      fc.array(objectOf('name', 'vhost', 'durable', 'arguments', '__proto__'), { maxLength: 3 }),
    ),
    bindings: fc.oneof(
      fc.jsonValue(),
      fc.array(objectOf('source', 'destination', 'destination_type', 'routing_key', 'vhost'), { maxLength: 3 }),
    ),
    policies: fc.jsonValue(),
    metadata: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

function objectOf(...keys: string[]) {
  const value = fc.oneof(fc.constantFrom('x', '/', 'fanout', 'queue', 'exchange', true), fc.jsonValue());
  return fc.dictionary(fc.constantFrom(...keys), value);
}

function readsWithPlaces(text: string): void {
  const lines = text.split(/\r\n|\r|\n/);
  for (const { line, column } of analyse(text).findings) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
  }
}

describe('reading definitions never throws, and every finding has a place in the text:', () => {
  it('any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), readsWithPlaces), { numRuns: 300 });
  });

  it('any JSON', () => {
    fc.assert(fc.property(fc.json(), readsWithPlaces), { numRuns: 300 });
  });

  it('JSON that is nearly definitions', () => {
    fc.assert(
      fc.property(nearly, fc.nat({ max: 2 }), (value, indent) => readsWithPlaces(JSON.stringify(value, null, indent))),
      { numRuns: 300 },
    );
  });

  it('definitions cut off anywhere', () => {
    const text = JSON.stringify({ queues: [{ name: 'q', arguments: { 'x-queue-type': 'quorum' } }], exchanges: [] });
    fc.assert(fc.property(fc.nat({ max: text.length }), (end) => readsWithPlaces(text.slice(0, end))));
  });

  it.each([100, 1_000, 100_000])('JSON nested %i deep', (depth) => {
    readsWithPlaces(`{"metadata": ${'['.repeat(depth)}${']'.repeat(depth)}}`);
  });
});
