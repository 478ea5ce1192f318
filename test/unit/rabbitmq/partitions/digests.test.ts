import { exchangeId, partitionDigests } from '../../../../rabbitmq/partitions/digests.ts';
import type { Topology } from '../../../../rabbitmq/topology.ts';
import { exchange } from '../topology-builders.ts';
import { shards } from './rings.ts';

const digest = (of: Topology): string | undefined => partitionDigests(of)[exchangeId({ vhost: '/', name: 'shards' })];
const declared = shards([1, 1, 2], 2);

describe('the digest of an exchange’s partitions', () => {
  it('is the same however many of them are in use', () => {
    expect(digest(declared)).toMatch(/^[0-9a-f]{16}$/);
    expect(digest(shards([1, 1, 2], 3))).toBe(digest(declared));
  });

  it.each<[string, Topology]>([
    ['one more', shards([1, 1, 2, 1], 2)],
    ['another weight', shards([1, 2, 2], 2)],
    ['another order', { ...declared, bindings: declared.bindings.toReversed() }],
    [
      'keys by another property',
      {
        ...declared,
        exchanges: [
          exchange('shards', 'x-consistent-hash', { partitions: { initial: 2 }, hashOn: { property: 'message_id' } }),
        ],
      },
    ],
  ])('is another with %s', (_, other) => {
    expect(digest(other)).not.toBe(digest(declared));
  });
});
