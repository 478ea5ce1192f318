import type { DynamoDBRecord } from 'aws-lambda';
import { z } from 'zod';
import { LOCAL_REGION } from '../../local/aws-environment.ts';

const answerSchema = z.looseObject({
  ShardIterator: z.string().optional(),
  NextShardIterator: z.string().optional(),
  Records: z.array(z.custom<DynamoDBRecord>()).default([]),
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }).optional(),
});

/**
 * What an event source mapping does with the stream of a table on an emulator: batch after batch, in order, each until it is taken. The SDK's client of
 * streams is no dependency of ours.
 */
export async function pumpStream(
  { endpoint, account, stream }: { readonly endpoint: string; readonly account: string; readonly stream: string },
  take: (records: readonly DynamoDBRecord[]) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const ask = async (action: string, input: object) => {
    const scope = `${account}/20261128/${LOCAL_REGION}/dynamodb/aws4_request`;
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw new Error(`${action}: ${await answer.text()}`);
    return answerSchema.parse(await answer.json());
  };
  const { StreamDescription } = await ask('DescribeStream', { StreamArn: stream });
  const ShardId = StreamDescription?.Shards[0]?.ShardId;
  const from = { StreamArn: stream, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  let { ShardIterator: iterator } = await ask('GetShardIterator', from);
  while (iterator !== undefined && !isOver()) {
    const { Records, NextShardIterator } = await ask('GetRecords', { ShardIterator: iterator, Limit: 100 });
    const records = Records.map((record) => ({ ...record, eventSourceARN: stream }));
    for (let isTaken = records.length === 0; !isTaken; ) isTaken = await isDone(() => take(records));
    iterator = NextShardIterator;
    if (records.length === 0) await new Promise((done) => setTimeout(done, 20));
  }
}

async function isDone(call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch {
    return false;
  }
}
