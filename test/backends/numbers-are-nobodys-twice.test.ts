import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { seededRandom } from '../../bin/warren/random.ts';
import { documentClient } from '../../lambdas/shared/aws/clients.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { tableFor } from '../contracts/dynamodb/tables.ts';
import { allocateUnderKills } from '../reliability/allocate-under-kills.ts';
import { contractAccount, readBackEnds } from './back-ends.ts';

/** More of them for a measurement: NUMBERS=1280000 PROCESSES=16, which are 64 allocators with 20,000 each. */
const numbers = Number(process.env['NUMBERS'] ?? 20_000);
const processes = Number(process.env['PROCESSES'] ?? 4);
const allocatorsEach = 4;
const segmentSize = 1_000;

const [[name, endpoint] = ['no back end', '']] = Object.entries(readBackEnds().dynamoDb);

describe(`numbers of ${processes * allocatorsEach} allocators, whose processes are killed and whose clocks are set back (${name})`, () => {
  const client = new DynamoDBClient(clientConfig(endpoint, contractAccount));
  const documents = documentClient(client);
  const table = tableFor(documents, 'sequence');
  afterAll(() => client.destroy());

  it(
    'are nobody’s twice, and cost one write for each segment',
    async () => {
      const options = { endpoint, account: contractAccount, table: table.name, processes, allocatorsEach, segmentSize };

      const { doubled, highest, kills, ...counts } = await allocateUnderKills({
        ...options,
        numbers,
        random: seededRandom(7),
      });

      const Key = { sequence: 'numbers' };
      const { Item } = await documents.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
      const writes = Number(Item?.['taken']) / segmentSize;
      process.stderr.write(`${JSON.stringify({ ...counts, kills, writes, lost: highest + 1 - counts.numbers })}\n`);
      expect(doubled).toBe(0);
      expect(kills).toBeGreaterThanOrEqual(processes);
      expect(highest).toBeLessThan(Number(Item?.['taken']));
      // What a process had in memory goes with it: at most two segments of each allocator.
      const lost = 2 * allocatorsEach * (processes + kills);
      expect(writes).toBeLessThanOrEqual(Math.ceil(counts.numbers / segmentSize) + lost);
    },
    60_000 + numbers,
  );
});
