import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { createDynamoDbAuditLog } from '../../../lambdas/shared/audit/dynamodb-audit-log.ts';
import { documentClient } from '../../../lambdas/shared/aws/clients.ts';
import { createSqsQueueSender } from '../../../lambdas/shared/broker/queue-sender.ts';
import { partitionTimes } from '../../../lambdas/shared/partitions/assignment.ts';
import { createDynamoDbPartitionStore } from '../../../lambdas/shared/partitions/dynamodb-partition-store.ts';
import { createSendMarkers } from '../../../lambdas/shared/partitions/markers.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { partitionsOf } from '../../../lib/consumers.ts';
import { partitionsOutput } from '../../../lib/output-names.ts';
import { defaultDialect } from '../../../rabbitmq/dialect.ts';
import { exchangeId, partitionDigests } from '../../../rabbitmq/partitions/digests.ts';
import { partitionedExchanges } from '../../../rabbitmq/partitions/partitioned-exchange.ts';
import { createRing } from '../../../rabbitmq/partitions/ring.ts';
import { sqsQueueName } from '../../../rabbitmq/plan/queue-name.ts';
import type { Topology } from '../../../rabbitmq/topology.ts';
import { analyseFile } from '../definitions-file.ts';
import { UsageError } from '../io.ts';
import { callerOf } from '../stage/caller.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import { createClockDifference } from './clock-difference.ts';
import type { PartitionsDeps, ReachedPartitions, Where } from './options.ts';

/** The real one. Loaded only when partitions are asked for: the AWS SDK takes longer to load than other commands to run. */
export const world: PartitionsDeps = { reach };

async function reach({ stage, file }: Where, exchange?: string): Promise<readonly ReachedPartitions[]> {
  const topology = topologyOf(file);
  const found = partitionedExchanges(topology).filter(
    (one) => exchange === undefined || one.exchange.name === exchange,
  );
  if (found.length === 0) throw new UsageError(whyNone(file, exchange));
  const outputs = await stageOutputs(stage);
  const documents = documentClient(new DynamoDBClient(outputs.config));
  const once = new DynamoDBClient({ ...outputs.config, ...tryOnce });
  const table = outputs.get('PartitionsTable');
  const storeOnce = createDynamoDbPartitionStore(documentClient(once), table);
  const sqs = new SQSClient({ ...outputs.config, useQueueUrlAsEndpoint: false });
  const now = () => new Date();
  const base = outputs.get('QueueUrlBase');
  const common = {
    // A write that is tried again could announce a step too late.
    store: { ...createDynamoDbPartitionStore(documents, table), write: storeOnce.write },
    sendMarkers: createSendMarkers({
      sender: createSqsQueueSender({ sqs, maxAttempts: 5, sleep: pause, random: Math.random }),
      queueUrl: (queue) => base + sqsQueueName(`warren-${stage}`, queue),
    }),
    times: partitionTimes,
    now,
    sleep: pause,
    clockDifferenceMs: createClockDifference({
      client: once,
      ask: () => storeOnce.find({ vhost: '/', name: 'none' }),
      now,
    }),
    audit: createDynamoDbAuditLog(documents, { table: outputs.get('AuditTable'), now }),
    caller: () => callerOf(new STSClient(outputs.config)),
  };
  const here = partitionDigests(topology);
  const deployed = digestsSchema.parse(JSON.parse(outputs.all[partitionsOutput] ?? '{}'));
  const isDeployed = (id: string): boolean => deployed[id] !== undefined && deployed[id] === here[id];
  return found.map((one) => ({
    ...common,
    ring: createRing(one),
    initial: one.initial,
    isDeployed: isDeployed(exchangeId(one.exchange)),
  }));
}

const tryOnce = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

const digestsSchema = z.record(z.string(), z.string());

function topologyOf(file: string): Topology {
  const { topology } = analyseFile(file, { vhost: '/', dialect: defaultDialect });
  const exchanges = topology.exchanges.map((one) => ({ ...one, partitions: partitionsOf(one) }));
  return { ...topology, exchanges };
}

function whyNone(file: string, exchange: string | undefined): string {
  const what = exchange === undefined ? 'no exchange' : `no exchange '${exchange}'`;
  return `${file} has ${what} whose partitions lib/consumers.ts gives to a consumer (docs/partitions.md)`;
}
