import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { onRequest } from '../../test/support/on-request.ts';
import type { RecordedCall } from './count-calls.ts';

/** Loaded into the processes of functions (`--import`), before their code: notes each call to DynamoDB and SQS, in a file of the process. */
const { BENCH_CALLS: folder, POWERTOOLS_SERVICE_NAME: fn } = process.env;

onRequest((request, body) => {
  const target = String(request.getHeader('x-amz-target') ?? '');
  if (folder === undefined || fn === undefined || !/^(DynamoDB_|AmazonSQS)/.test(target)) return;
  const [service = '', operation = ''] = target.split('.');
  const call: RecordedCall = { at: Date.now(), fn, service, operation, body };
  appendFileSync(path.join(folder, `${process.pid}.jsonl`), `${JSON.stringify(call)}\n`);
});
