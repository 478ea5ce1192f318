import { CfnOutput, type Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { BrokerEnv, Given } from '../../lambdas/shared/broker/env.ts';
import { partitionDigests } from '../../rabbitmq/partitions/digests.ts';
import { reachableQueues } from '../../rabbitmq/plan/reachable-queues.ts';
import type { Queue } from '../../rabbitmq/topology.ts';
import { consumerConfig } from '../config.ts';
import type { Config, FunctionSize } from '../config-shape.ts';
import type { Circuits } from '../constructs/circuits.ts';
import type { Claims } from '../constructs/claims.ts';
import type { DelayedMessages } from '../constructs/delayed-messages.ts';
import type { Exceptions } from '../constructs/exceptions.ts';
import type { FunctionNetwork } from '../constructs/function-network.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { grantPublish, grantReadDepth } from '../constructs/grant-publish.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import type { OnCall } from '../constructs/on-call.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import type { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters.ts';
import type { DashboardSection } from '../constructs/stage-dashboard.ts';
import { type ConsumerName, queueOf, queuesOf } from '../consumers.ts';
import { deadLetterTargets } from '../dead-letter-targets.ts';
import { addCircuitBreaker, type Consumed } from '../functions/circuit-breaker.ts';
// worked example
import { addCompareBooks } from '../functions/compare-books.ts';
import { type Connect, connections, publisherConnections } from '../functions/connections.ts';
// worked example
import { addDailyBill } from '../functions/daily-bill.ts';
import { addDashboard } from '../functions/dashboard.ts';
import { addDeadLetters } from '../functions/dead-letters.ts';
import { addDelayedPublish } from '../functions/delayed-publish.ts';
// worked example
import { addLedgerBalance } from '../functions/ledger-balance.ts';
import { addOnCall } from '../functions/on-call.ts';
import { addOperatorPolicies } from '../functions/operator-policies.ts';
// worked example
import { addOrderNumbers } from '../functions/order-numbers.ts';
import { addOutboxDelivery } from '../functions/outbox-delivery.ts';
import { addPark } from '../functions/park.ts';
import { addProducer } from '../functions/producer.ts';
import { addReplay } from '../functions/replay.ts';
import { addRetentionSweep } from '../functions/retention-sweep.ts';
import { addTableMoves } from '../functions/table-moves.ts';
import { isNamed, type NamedQueue } from '../named-queue.ts';
import type { OnCallWebhook } from '../on-call-context.ts';
import { functionOutput, partitionsOutput, pascalCase } from '../output-names.ts';
import { isPartition } from '../partitions.ts';
import { isDeployed, publisherOf } from '../publishers.ts';
import type { Stage } from '../stages.ts';
import type { DeployedTopology } from '../topology.ts';
import type { QueuesStack } from './queues-stack.ts';
import type { StatefulStack } from './stateful-stack.ts';

export interface StatelessStackProps extends StackProps {
  readonly config: Config;
  readonly deployed: DeployedTopology;
  readonly stateful: StatefulStack;
  readonly queueStacks: readonly QueuesStack[];
  readonly stage: Stage;
  readonly webhook: OnCallWebhook | undefined;
}

/** What a deployment may replace at any time: the functions and the way in. `lib/functions/` adds those of consumers. */
export class StatelessStack extends Stack {
  readonly deployed: DeployedTopology;
  readonly config: Config;
  readonly queueStacks: readonly QueuesStack[];
  /** What functions have to show on the dashboard besides what all of their kind show. */
  readonly sections: DashboardSection[] = [];
  // worked example
  /** Where WeChat Pay tells us of payments and refunds. */
  notifyUrl: string | undefined;
  private readonly idempotency: ITable;
  private readonly exceptions: Exceptions;
  private readonly circuits: Circuits;
  private readonly consumed: Consumed[] = [];
  private readonly onCall: OnCall;
  private readonly delayed: DelayedMessages;
  private readonly claims: Claims;
  private readonly partitions: ITable | undefined;

  constructor(
    scope: Construct,
    id: string,
    { config, deployed, stateful, queueStacks, stage, webhook, ...props }: StatelessStackProps,
  ) {
    super(scope, id, props);
    this.deployed = deployed;
    this.config = config;
    this.queueStacks = queueStacks;
    this.idempotency = stateful.idempotency;
    this.exceptions = stateful.exceptions;
    this.circuits = stateful.circuits;
    this.onCall = stateful.onCall;
    this.delayed = stateful.delayed;
    this.claims = stateful.claims;
    this.partitions = stateful.partitions;
    // Publishing is granted by name: no reference says that the queues come first.
    for (const stack of queueStacks) this.addStackDependency(stack);

    addProducer(this, stateful);
    addDelayedPublish(this, stateful);
    addOutboxDelivery(this, stateful);
    addDeadLetters(this, stateful);
    addRetentionSweep(this, stateful);
    addReplay(this, stateful);
    addPark(this, stateful);
    addOnCall(this, stateful, { stage, webhook });
    for (const [name, connect] of Object.entries<Connect>(connections)) {
      if (deployed.consumers.includes(name)) connect(this, stateful);
    }
    addCircuitBreaker(this, stateful, this.consumed);
    for (const [name, connect] of Object.entries<Connect>(publisherConnections)) {
      if (isDeployed(publisherOf(name), deployed.consumers)) connect(this, stateful);
    }
    // worked example
    addDailyBill(this, stateful);
    // worked example
    addOrderNumbers(this, stateful);
    // worked example
    addLedgerBalance(this, stateful);
    // worked example
    addCompareBooks(this, stateful);
    addTableMoves(this, stateful);
    addDashboard(this, stateful);
    addOperatorPolicies(this, stateful);
    new CfnOutput(this, 'QueueUrlBase', { value: this.queueUrlBase });
    if (this.partitions) {
      new CfnOutput(this, partitionsOutput, { value: JSON.stringify(partitionDigests(deployed.topology)) });
    }
  }

  /**
   * The function of `lambdas/<name>`, which reads the queue of `lib/consumers.ts` and may publish to where that dead-letters; its name is the
   * output `<Name>Function`. `environment` is what it needs besides what every consumer needs; grant it what that names. `network`: default
   * none.
   */
  addConsumer(name: ConsumerName, environment: Readonly<Record<string, string>>, network?: FunctionNetwork): IFunction {
    const { config, deployed } = this;
    const [source, ...others] = queuesOf(queueOf(name)).map((one) => this.queue(one));
    if (!source) throw new Error(`'${name}' consumes no queue`);
    const { fn } = new QueueConsumer(this, pascalCase(name), {
      ...this.common,
      folder: name,
      network,
      source,
      others,
      config: consumerConfig(config, name),
      environment: { ...environment, ...this.brokerEnvironment },
      exceptions: this.exceptions,
      circuits: this.circuits,
      onCall: this.onCall,
      idempotency: {
        table: this.idempotency,
        expiresAfter: sum(config.queues.retention, config.deadLetters.retention, config.idempotencySlack),
      },
    });
    const own = [source, ...others].map(({ plan }) => plan.queue);
    for (const { plan } of [source, ...others]) this.consumed.push({ consumer: name, fn, plan });
    this.claims.grantFetch(fn);
    // Its own too: what it never had time for is sent anew.
    this.grantPublish(fn, [
      ...new Set([...own, ...own.flatMap((queue) => deadLetterTargets(deployed.topology, queue))]),
    ]);
    if (others.length > 0 && this.partitions) grantOnTable(fn, this.partitions, 'dynamodb:UpdateItem');
    new CfnOutput(this, functionOutput(name), { value: fn.functionName });
    return fn;
  }

  /**
   * The function of `lambdas/<name>`, which may publish to the exchange of `lib/publishers.ts`, whatever queues that leads to; its name is the
   * output `<Name>Function`. `environment` is what it needs besides what every publisher needs; grant it what that names.
   */
  addPublisher(name: string, size: FunctionSize, environment: Readonly<Record<string, string>> = {}): IFunction {
    const { vhost = '/', exchange } = publisherOf(name);
    const { fn } = new NodeFunction(this, pascalCase(name), {
      ...size,
      ...this.common,
      folder: name,
      environment: { ...environment, ...this.brokerEnvironment },
    });
    this.grantClientPublish(fn, reachableQueues(this.deployed.topology, vhost, exchange));
    new CfnOutput(this, functionOutput(name), { value: fn.functionName });
    return fn;
  }

  /** What every function is given. */
  get common() {
    return { topology: this.deployed.topology, logRetention: this.config.logRetention };
  }

  get queueUrlBase(): string {
    return `https://sqs.${this.region}.${this.urlSuffix}/${this.account}/`;
  }

  /** What every function that publishes is given. */
  get brokerEnvironment(): Given<BrokerEnv> {
    return {
      QUEUE_NAME_PREFIX: this.deployed.namePrefix,
      QUEUE_URL_BASE: this.queueUrlBase,
      ...this.delayed.environment,
      ...this.claims.environment,
      MAX_BODY_BYTES: String(this.config.publishing.maxBodyBytes),
      QUEUE_DEPTH_MAX_AGE_MS: String(this.config.publishing.depthMaxAge.toMilliseconds()),
      ...(this.partitions && { PARTITIONS_TABLE: this.partitions.tableName }),
    };
  }

  /** The deployed queue of that RabbitMQ name; `consumersIn` has found it before. */
  private queue(named: NamedQueue): QueueWithDeadLetters {
    const all = this.queueStacks.flatMap(({ queues }) => queues);
    const found = all.find(({ plan: { queue } }) => isNamed(named, queue));
    if (!found)
      throw new Error(`the queue '${named.queue}' is not deployed: it is a delay queue, or not in the topology`);
    return found;
  }

  /** What hears of a refusal may read how full its queues are; letters and delayed messages are let in everywhere. */
  grantClientPublish(fn: IFunction, queues: readonly Queue[]): void {
    this.grantPublish(fn, queues);
    grantReadDepth(fn, queues, this.deployed.namePrefix);
  }

  /** To an exchange of the default vhost, whatever queues that leads to. */
  grantPublishTo(fn: IFunction, exchange: string): void {
    this.grantClientPublish(fn, reachableQueues(this.deployed.topology, '/', exchange));
  }

  grantPublish(fn: IFunction, queues: readonly Queue[]): void {
    grantPublish(fn, queues, this.deployed.namePrefix);
    this.delayed.grantKeep(fn);
    this.claims.grantKeep(fn);
    // The first who looks for an assignment makes it.
    if (this.partitions && queues.some((queue) => isPartition(queue)))
      grantOnTable(fn, this.partitions, 'dynamodb:Query', 'dynamodb:PutItem');
  }
}

function sum(...durations: readonly Duration[]): Duration {
  return durations.reduce((total, duration) => total.plus(duration));
}
