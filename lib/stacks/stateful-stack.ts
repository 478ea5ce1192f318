import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ContributorInsightsMode,
  ProjectionType,
  StreamViewType,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { longestDelayMs } from '../../rabbitmq/plan/delay-limits.ts';
import type { Config } from '../config-shape.ts';
import { Circuits } from '../constructs/circuits.ts';
import { Claims } from '../constructs/claims.ts';
import { DelayedMessages } from '../constructs/delayed-messages.ts';
import { Exceptions, exceptionsTableProps } from '../constructs/exceptions.ts';
import { hotKeyAlarms } from '../constructs/hot-key-alarms.ts';
import { followed, type MovingTables, rowsProps, setMoving, targetProps } from '../constructs/moving-tables.ts';
import { OnCall } from '../constructs/on-call.ts';
import { undeliveredIndexName } from '../constructs/outbox-delivery.ts';
import { visibilityTimeoutFor } from '../constructs/queue-consumer.ts';
import type { OnCallContext } from '../on-call-context.ts';
import { tableOutput } from '../output-names.ts';
import { checkTableMoves } from '../table-move-rules.ts';
import { movableTables, type TableMove } from '../table-moves.ts';
// worked example
import { addExampleData, type ExampleData, exampleConsumers } from './example-data.ts';

export interface StatefulStackProps extends StackProps {
  readonly config: Config;
  /** `<app>-<stage>` */
  readonly namePrefix: string;
  readonly onCallContext: Pick<OnCallContext, 'email' | 'escalationEmail'>;
  /** The consumers whose queues are deployed. */
  readonly consumers: readonly string[];
  /** Whether an exchange of the topology is partitioned. */
  readonly hasPartitions: boolean;
  readonly tableMoves: readonly TableMove[];
}

/** What must outlive a deployment besides the queues: tables, secrets, who is on call. Logical ids in here never change. */
export class StatefulStack extends Stack {
  readonly onCall: OnCall;
  /** On-call itself, where nobody else is named. */
  readonly escalation: OnCall;
  readonly outbox: TableV2;
  readonly outboxHolds: TableV2;
  readonly exceptions: Exceptions;
  readonly notices: TableV2;
  /** What operators did, and the circuit breaker. */
  readonly audit: TableV2;
  readonly circuits: Circuits;
  readonly idempotency: TableV2;
  readonly delayed: DelayedMessages;
  readonly claims: Claims;
  /** Which partitions are in use, where there are any. */
  readonly partitions: TableV2 | undefined;
  // worked example
  readonly example: ExampleData | undefined;
  /** Tables on the move; undefined: there are none. */
  readonly moving: MovingTables | undefined;
  private readonly config: Config;
  private readonly tableMoves: readonly TableMove[];
  private readonly tables = new Map<string, { readonly table: TableV2; readonly props: TablePropsV2 }>();

  constructor(
    scope: Construct,
    id: string,
    { config, namePrefix, onCallContext, consumers, hasPartitions, tableMoves, ...props }: StatefulStackProps,
  ) {
    super(scope, id, { ...props, terminationProtection: config.protectData });
    this.config = config;
    this.tableMoves = tableMoves;
    const { email, escalationEmail } = onCallContext;
    this.onCall = new OnCall(this, 'OnCall', { email });
    this.escalation =
      escalationEmail === undefined
        ? this.onCall
        : new OnCall(this, 'Escalation', { email: escalationEmail, who: 'escalation' });
    this.outbox = this.addTable('Outbox', {
      partitionKey: { name: 'aggregate', type: AttributeType.STRING },
      sortKey: { name: 'event_id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'expires_at',
      // Sparse: a row is in it until it is delivered, or an exception.
      globalSecondaryIndexes: [
        {
          indexName: undeliveredIndexName,
          partitionKey: { name: 'pending', type: AttributeType.STRING },
          sortKey: { name: 'created_at', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.outboxHolds = this.addTable('OutboxHolds', {
      partitionKey: { name: 'aggregate', type: AttributeType.STRING },
    });
    this.exceptions = new Exceptions(this.addTable('Exceptions', exceptionsTableProps), config.exceptions);
    this.notices = this.addTable('Notices', {
      partitionKey: { name: 'fingerprint', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires_at',
    });
    this.audit = this.addTable('Audit', {
      partitionKey: { name: 'subject', type: AttributeType.STRING },
      sortKey: { name: 'at', type: AttributeType.STRING },
    });
    const circuits = this.addTable('Circuits', { partitionKey: { name: 'source', type: AttributeType.STRING } });
    this.circuits = new Circuits(circuits, config.circuit);
    this.idempotency = this.addTable('Idempotency', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
    });
    this.delayed = new DelayedMessages(this, 'Delayed', {
      name: namePrefix,
      retention: config.queues.retention,
      deadLetterRetention: config.deadLetters.retention,
      visibilityTimeout: visibilityTimeoutFor(config.functions.delayedPublish.timeout),
      lateAfter: config.delayed.lateAfter,
      removalPolicy: config.removalPolicy,
      onCall: this.onCall,
    });
    this.claims = new Claims(this, 'Claims', {
      name: namePrefix,
      expiresAfter: lifeOfBodies(config),
      removalPolicy: config.removalPolicy,
    });
    this.partitions = hasPartitions
      ? this.addTable('Partitions', {
          partitionKey: { name: 'exchange', type: AttributeType.STRING },
          sortKey: { name: 'item', type: AttributeType.STRING },
        })
      : undefined;
    // worked example
    this.example = consumers.some((one) => exampleConsumers.includes(one)) ? addExampleData(this, config) : undefined;
    this.moving = this.addTargets();

    new CfnOutput(this, 'ExceptionsKeepSeconds', { value: this.exceptions.environment.EXCEPTIONS_KEEP_SECONDS });
    new CfnOutput(this, 'DelayedQueueUrl', { value: this.delayed.queue.queueUrl });
    new CfnOutput(this, 'ClaimBucket', { value: this.claims.bucket.bucketName });
    new CfnOutput(this, 'OnCallTopic', { value: this.onCall.topic.topicArn });
    new CfnOutput(this, 'EscalationTopic', { value: this.escalation.topic.topicArn });
  }

  /**
   * A table on demand with point-in-time recovery, protected and watched for hot keys as the stage says; its name is the output `<id>Table`.
   */
  addTable(id: string, props: TablePropsV2): TableV2 {
    const table = new TableV2(this, id, {
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.config.protectData,
      removalPolicy: this.config.removalPolicy,
      // From the first day on: a table that gets its stream when its move is declared may be made anew, as the local AWS does it.
      ...(movableTables.includes(id) && followed),
      ...props,
      ...(this.config.hotKeys.isWatched && tellsOfHotKeys(props)),
    });
    if (this.config.hotKeys.isWatched) {
      const indexes = props.globalSecondaryIndexes ?? [];
      hotKeyAlarms(
        table,
        id,
        indexes.map(({ indexName }) => indexName),
        this.onCall,
      );
    }
    new CfnOutput(this, tableOutput(id), { value: table.tableName });
    this.tables.set(id, { table, props });
    return table;
  }

  /** Throws a `TableMoveError`. */
  private addTargets(): MovingTables | undefined {
    const keys = [...this.tables].map(([id, { props }]) => [id, keyOf(props)] as const);
    checkTableMoves(this.tableMoves, new Map(keys));
    if (this.tableMoves.length === 0) return undefined;
    const moving: MovingTables = { rows: this.addTable('TableMoves', rowsProps), tables: [], config: this.config };
    for (const move of this.tableMoves) {
      const source = this.tables.get(move.table);
      if (!source) continue;
      const target = this.addTable(move.to.name, targetProps(move, source.props));
      const one = { move, sourceKey: keyOf(source.props), source: source.table, target, all: moving };
      moving.tables.push(one);
      setMoving(one);
    }
    return moving;
  }
}

function keyOf({ partitionKey, sortKey }: TablePropsV2): string[] {
  return [partitionKey, sortKey].flatMap((part) => (part ? [part.name] : []));
}

/** Only throttled keys are noted: that costs nothing while none is. An index tells for itself. */
function tellsOfHotKeys({ globalSecondaryIndexes }: TablePropsV2): Partial<TablePropsV2> {
  const contributorInsightsSpecification = { enabled: true, mode: ContributorInsightsMode.THROTTLED_KEYS };
  return {
    contributorInsightsSpecification,
    ...(globalSecondaryIndexes && {
      globalSecondaryIndexes: globalSecondaryIndexes.map((index) => ({ ...index, contributorInsightsSpecification })),
    }),
  };
}

/** A message may be delayed as long as can be, wait in its queue, and wait in its dead-letter queue until somebody redrives it. */
function lifeOfBodies({ queues, deadLetters, bodies }: Config): Duration {
  const [longestRetention = queues.retention] = [queues.retention, queues.unconsumedRetention].sort(
    (one, other) => other.toSeconds() - one.toSeconds(),
  );
  const seconds = [longestRetention, deadLetters.retention, bodies.slack].map((one) => one.toSeconds());
  const total = seconds.reduce((sum, one) => sum + one, longestDelayMs / 1000);
  return Duration.days(Math.ceil(total / 86_400));
}
