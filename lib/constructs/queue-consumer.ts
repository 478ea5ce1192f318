import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';

import { Construct } from 'constructs';
import type { BrokerEnv, Given } from '../../lambdas/shared/broker/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { ConsumerConfig } from '../config-shape.ts';
import { sweptAfter } from '../retention-margin.ts';
import type { Circuits } from './circuits.ts';
import { consumeQueue } from './consume-queue.ts';
import type { Exceptions } from './exceptions.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts';
import { throttleAlarm } from './throttle-alarm.ts';

/** AWS recommends six times the function's timeout (Lambda developer guide, services-sqs-configure); a synth rule refuses less. */
export function visibilityTimeoutFor(functionTimeout: Duration): Duration {
  return Duration.seconds(6 * functionTimeout.toSeconds());
}

export interface QueueConsumerProps extends Omit<NodeFunctionProps, 'environment' | 'memoryMiB' | 'timeout'> {
  readonly source: QueueWithDeadLetters;
  /** More of them, alike: partitions of an exchange. Default: none. */
  readonly others?: readonly QueueWithDeadLetters[];
  readonly config: ConsumerConfig;
  readonly idempotency: { readonly table: ITable; readonly expiresAfter: Duration };
  /** Where messages go that RabbitMQ would drop. */
  readonly exceptions: Exceptions;
  readonly circuits: Circuits;
  readonly onCall: OnCall;
  /** What this consumer needs besides what every consumer needs. */
  readonly environment: Readonly<Record<string, string>> & Given<BrokerEnv>;
}

/** What every consumer is given besides what every function is. */
type OwnEnv = Exclude<keyof ConsumerEnv, keyof BrokerEnv | 'KEEP_AFTER_SECONDS'>;

/** A function that consumes a queue, or the partitions of an exchange, with partial batch responses and the idempotency table granted. */
export class QueueConsumer extends Construct {
  readonly fn: NodeFunction['fn'];
  readonly folder: string;
  /** All that it reads: one, or the partitions of an exchange. */
  readonly sources: readonly QueueWithDeadLetters[];

  constructor(
    scope: Construct,
    id: string,
    {
      source,
      others = [],
      config,
      idempotency,
      exceptions,
      circuits,
      onCall,
      environment,
      ...props
    }: QueueConsumerProps,
  ) {
    super(scope, id);
    this.folder = props.folder;
    this.sources = [source, ...others];
    const keepAfter = sweptAfter(source);
    const consumerEnvironment: Record<OwnEnv, string> = {
      IDEMPOTENCY_TABLE: idempotency.table.tableName,
      IDEMPOTENCY_EXPIRES_AFTER_SECONDS: String(idempotency.expiresAfter.toSeconds()),
      ...exceptions.environment,
      CONSUMER: props.folder,
      ...circuits.environment,
      DELIVERY_LIMIT: String(source.plan.deliveryLimit),
      MAX_RECEIVES: String(source.plan.maxReceiveCount),
      RETRY_MIN_SECONDS: String(config.retryMin.toSeconds()),
      RETRY_MAX_SECONDS: String(config.retryMax.toSeconds()),
      RETRY_SCHEDULE_SECONDS: (config.retrySchedule ?? []).map((step) => step.toSeconds()).join(','),
    };
    this.fn = new NodeFunction(this, 'Consumer', {
      ...props,
      memoryMiB: config.memoryMiB,
      timeout: config.timeout,
      environment: {
        ...environment,
        ...consumerEnvironment,
        ...(keepAfter && { KEEP_AFTER_SECONDS: String(keepAfter.toSeconds()) }),
      },
    }).fn;
    for (const { queue } of this.sources) consumeQueue(this.fn, queue, config);
    idempotency.table.grant(
      this.fn,
      'dynamodb:PutItem',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    exceptions.grantOpen(this.fn);
    circuits.grantOpen(this.fn);
    throttleAlarm(this.fn, props.folder, onCall);
  }
}
