import { CfnOutput, type Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Env as OrdersEnv } from '../../lambdas/orders/env.ts';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { Env as NotifyEnv } from '../../lambdas/wechat-pay-notify/env.ts';
import { reachableQueues } from '../../rabbitmq/plan/reachable-queues.ts';
import type { Queue, Topology } from '../../rabbitmq/topology.ts';
import type { Config } from '../config.ts';
import { consumeQueue } from '../constructs/consume-queue.ts';
import type { DelayedMessages } from '../constructs/delayed-messages.ts';
import { grantPublish } from '../constructs/grant-publish.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { notifyAlarms } from '../constructs/notify-alarms.ts';
import { OutboxRelay } from '../constructs/outbox-relay.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import type { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters.ts';
import { consumers } from '../consumers.ts';
import { isNamed, type NamedQueue } from '../named-queue.ts';
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
  private readonly delayed: DelayedMessages;

  constructor(
    scope: Construct,
    id: string,
    { config, deployed, stateful, queueStacks, ...props }: StatelessStackProps,
  ) {
    super(scope, id, props);
    this.deployed = deployed;
    this.config = config;
    this.queueStacks = queueStacks;
    this.delayed = stateful.delayed;
    // Publishing is granted by name: no reference says that the queues come first.
    for (const stack of queueStacks) this.addStackDependency(stack);

    this.addPublish();
    this.addDelayedPublish();
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
    notifyAlarms(this, endpoint.api, onCall);
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

  private addDelayedPublish(): void {
    const { config, delayed } = this;
    const { fn } = new NodeFunction(this, 'DelayedPublish', {
      ...config.functions.delayedPublish,
      ...this.common,
      folder: 'delayed-publish',
      environment: this.brokerEnvironment,
    });
    consumeQueue(fn, delayed.queue, config.delayed);
    this.grantPublish(fn, this.deployed.topology.queues);
    new CfnOutput(this, 'DelayedPublishFunction', { value: fn.functionName });
  }

  private addOrders(stateful: StatefulStack): void {
    const { config, deployed } = this;
    const { orders, outbox } = stateful;
    const source = this.queue(consumers.orders);
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
    const { fn } = new OutboxRelay(this, 'OutboxRelay', {
      ...config.functions.outboxRelay,
      ...this.common,
      outbox,
      config: config.outbox,
      deadLetters: { retention: config.deadLetters.retention, removalPolicy: config.removalPolicy },
      brokerEnvironment: this.brokerEnvironment,
      onCall,
    });
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
    return {
      QUEUE_NAME_PREFIX: this.deployed.namePrefix,
      QUEUE_URL_BASE: this.queueUrlBase,
      ...this.delayed.environment,
    };
  }

  /** The deployed queue of that RabbitMQ name; `checkConsumers` has found it before. */
  private queue(named: NamedQueue): QueueWithDeadLetters {
    const all = this.queueStacks.flatMap(({ queues }) => queues);
    const found = all.find(({ plan: { queue } }) => isNamed(named, queue));
    if (!found)
      throw new Error(`the queue '${named.queue}' is not deployed: it is a delay queue, or not in the topology`);
    return found;
  }

  private grantPublish(fn: IFunction, queues: readonly Queue[]): void {
    grantPublish(fn, queues, this.deployed.namePrefix);
    this.delayed.grantKeep(fn);
  }
}

function deadLetterTargets(topology: Topology, { vhost, deadLetterExchange }: Queue): Queue[] {
  return deadLetterExchange === undefined ? [] : reachableQueues(topology, vhost, deadLetterExchange);
}

function sum(...durations: readonly Duration[]): Duration {
  return durations.reduce((total, duration) => total.plus(duration));
}
