import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterCriteria, FilterRule, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { Env as OrdersEnv } from '../../lambdas/orders/env.ts';
import type { Env as OutboxRelayEnv } from '../../lambdas/outbox-relay/env.ts';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { Env as NotifyEnv } from '../../lambdas/wechat-pay-notify/env.ts';
import { reachableQueues } from '../../rabbitmq/plan/reachable-queues.ts';
import type { Queue, Topology } from '../../rabbitmq/topology.ts';
import type { Config } from '../config.ts';
import { DeadLetterQueue } from '../constructs/dead-letter-queue.ts';
import { grantPublish } from '../constructs/grant-publish.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import type { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters.ts';
import { consumers } from '../consumers.ts';
import type { DeployedTopology } from '../topology.ts';
import type { QueuesStack } from './queues-stack.ts';
import type { StatefulStack } from './stateful-stack.ts';

export interface StatelessStackProps extends StackProps {
  readonly config: Config;
  readonly deployed: DeployedTopology;
  readonly stateful: StatefulStack;
  readonly queueStacks: readonly QueuesStack[];
}

/** What a deployment may replace at any time: the functions and the way in. */
export class StatelessStack extends Stack {
  private readonly deployed: DeployedTopology;
  private readonly config: Config;
  private readonly queueStacks: readonly QueuesStack[];

  constructor(
    scope: Construct,
    id: string,
    { config, deployed, stateful, queueStacks, ...props }: StatelessStackProps,
  ) {
    super(scope, id, props);
    this.deployed = deployed;
    this.config = config;
    this.queueStacks = queueStacks;
    // Publishing is granted by name: no reference says that the queues come first.
    for (const stack of queueStacks) this.addStackDependency(stack);

    this.addPublish();
    if (deployed.isOurs) {
      this.addNotify(stateful);
      this.addOrders(stateful);
      this.addOutboxRelay(stateful);
    }
    new CfnOutput(this, 'QueueUrlBase', { value: this.queueUrlBase });
  }

  private addNotify({ merchantSecret, onCall }: StatefulStack): void {
    const { config } = this;
    const environment: Record<keyof NotifyEnv, string> = {
      ...this.brokerEnvironment,
      WECHAT_PAY_SECRET_ID: merchantSecret.secretArn,
      WECHAT_PAY_SECRET_MAX_AGE_SECONDS: String(config.secretMaxAge.toSeconds()),
    };
    const { fn } = new NodeFunction(this, 'WechatPayNotify', {
      ...config.functions.wechatPayNotify,
      ...this.common,
      folder: 'wechat-pay-notify',
      environment,
    });
    merchantSecret.grantRead(fn);
    this.grantPublish(fn, reachableQueues(this.deployed.topology, '/', 'payments'));
    const endpoint = new HttpEndpoint(this, 'NotifyEndpoint', {
      path: '/wechat-pay/notify',
      fn,
      ...config.ingress,
      logRetention: config.logRetention,
    });
    onCall.hearsOf(
      new Alarm(this, 'NotifyFails', {
        alarmDescription:
          'Payment notifications were not stored (HTTP 5xx): WeChat Pay tries each one 15 times in 24 hours, then never again.',
        metric: endpoint.api.metricServerError({ statistic: 'Sum', period: Duration.minutes(5) }),
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    );
    new CfnOutput(this, 'NotifyUrl', { value: endpoint.url });
    new CfnOutput(this, 'WechatPayNotifyFunction', { value: fn.functionName });
  }

  private addPublish(): void {
    const { fn } = new NodeFunction(this, 'Publish', {
      ...this.config.functions.publish,
      ...this.common,
      folder: 'publish',
      environment: this.brokerEnvironment,
    });
    this.grantPublish(fn, this.deployed.topology.queues);
    new CfnOutput(this, 'PublishFunction', { value: fn.functionName });
  }

  private addOrders(stateful: StatefulStack): void {
    const { config, deployed } = this;
    const { orders, outbox } = stateful;
    const source = this.queue(consumers.orders.queue);
    const environment: Record<Exclude<keyof OrdersEnv, keyof ConsumerEnv> | keyof BrokerEnv, string> = {
      ...this.brokerEnvironment,
      ORDERS_TABLE: orders.tableName,
      OUTBOX_TABLE: outbox.tableName,
    };
    const { fn } = new QueueConsumer(this, 'Orders', {
      ...this.common,
      folder: 'orders',
      source,
      config: config.consumers.orders,
      environment,
      idempotency: {
        table: stateful.idempotency,
        expiresAfter: sum(config.queues.retention, config.deadLetters.retention, config.idempotencySlack),
      },
    });
    orders.grant(fn, 'dynamodb:UpdateItem');
    outbox.grant(fn, 'dynamodb:PutItem');
    this.grantPublish(fn, deadLetterTargets(deployed.topology, source.plan.queue));
    new CfnOutput(this, 'OrdersFunction', { value: fn.functionName });
  }

  private addOutboxRelay({ outbox, onCall }: StatefulStack): void {
    const { config, deployed } = this;
    const environment: Record<keyof OutboxRelayEnv, string> = {
      ...this.brokerEnvironment,
      OUTBOX_TABLE: outbox.tableName,
      OUTBOX_KEEP_SECONDS: String(config.outbox.keepRelayed.toSeconds()),
    };
    const { fn } = new NodeFunction(this, 'OutboxRelay', {
      ...config.functions.outboxRelay,
      ...this.common,
      folder: 'outbox-relay',
      environment,
    });
    const { queue } = new DeadLetterQueue(this, 'OutboxRelayDeadLetters', {
      retention: config.deadLetters.retention,
      removalPolicy: config.removalPolicy,
      onCall,
      impact:
        'Outbox rows were not relayed for six hours: what their orders have to tell is not told. The rows are in the outbox table.',
    });
    fn.addEventSource(
      new DynamoEventSource(outbox, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: config.outbox.batchSize,
        bisectBatchOnError: true,
        // A row that cannot be relayed holds up its shard: not for the 24 hours the stream lasts, while others behind it age out.
        maxRecordAge: Duration.hours(6),
        onFailure: new SqsDlq(queue),
        // The relay's own marks and TTL's deletions are changes of the table too.
        filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
      }),
    );
    onCall.hearsOf(
      new Alarm(this, 'OutboxRelayLags', {
        alarmDescription: 'Outbox rows are not relayed for 15 minutes: what their orders have to tell is late.',
        metric: fn.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(5) }),
        threshold: Duration.minutes(15).toMilliseconds(),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    );
    outbox.grant(fn, 'dynamodb:UpdateItem');
    this.grantPublish(fn, deployed.topology.queues);
    new CfnOutput(this, 'OutboxRelayFunction', { value: fn.functionName });
  }

  private get common() {
    return { topology: this.deployed.topology, logRetention: this.config.logRetention };
  }

  private get queueUrlBase(): string {
    return `https://sqs.${this.region}.${this.urlSuffix}/${this.account}/`;
  }

  private get brokerEnvironment(): Record<keyof BrokerEnv, string> {
    return { QUEUE_NAME_PREFIX: this.deployed.namePrefix, QUEUE_URL_BASE: this.queueUrlBase };
  }

  /** The deployed queue of that RabbitMQ name, in the default vhost; `checkConsumers` has found it before. */
  private queue(name: string): QueueWithDeadLetters {
    const all = this.queueStacks.flatMap(({ queues }) => queues);
    const found = all.find(({ plan: { queue } }) => queue.vhost === '/' && queue.name === name);
    if (!found) throw new Error(`the queue '${name}' is not deployed: it is a delay queue, or not in the topology`);
    return found;
  }

  private grantPublish(fn: IFunction, queues: readonly Queue[]): void {
    grantPublish(fn, queues, this.deployed.namePrefix);
  }
}

function deadLetterTargets(topology: Topology, { vhost, deadLetterExchange }: Queue): Queue[] {
  return deadLetterExchange === undefined ? [] : reachableQueues(topology, vhost, deadLetterExchange);
}

function sum(...durations: readonly Duration[]): Duration {
  return durations.reduce((total, duration) => total.plus(duration));
}
