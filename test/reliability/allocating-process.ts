import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../lambdas/shared/aws/clients.ts';
import { createAllocator } from '../../lambdas/shared/sequences/allocator.ts';
import { createDynamoDbSegments } from '../../lambdas/shared/sequences/dynamodb-segments.ts';
import { clientConfig } from '../../local/aws-environment.ts';

/**
 * Allocators that share nothing but the table, in a process that somebody may kill: prints a line of numbers now and then, until nobody reads it. Its
 * clock is set back by hours at random, as a clock may be.
 */
const [endpoint = '', account = '', table = '', allocators = '1', segmentSize = '1000'] = process.argv.slice(2);

const clock = Date.now.bind(Date);
Date.now = () => clock() - Math.floor(Math.random() * 12) * 3_600_000;

/** Numbers in a line. */
const inOneLine = 250;

async function allocate(): Promise<never> {
  const client = documentClient(new DynamoDBClient(clientConfig(endpoint, account)));
  const segments = createDynamoDbSegments(client, table);
  const allocator = createAllocator({ segments, sequence: 'numbers', segmentSize: Number(segmentSize) });
  for (;;) {
    const numbers: number[] = [];
    while (numbers.length < inOneLine) numbers.push(await allocator.next());
    await new Promise((resolve) => process.stdout.write(`${numbers.join(' ')}\n`, resolve));
  }
}

await Promise.all(Array.from({ length: Number(allocators) }, allocate));
