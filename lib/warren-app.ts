import path from 'node:path';
import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { type Dialect, dialects } from '../rabbitmq/dialect.ts';
import { NotPartitionableError } from '../rabbitmq/partitions/partitioned-exchange.ts';
import type { QueuePlan } from '../rabbitmq/plan/plan-topology.ts';
import { configs } from './config.ts';
import { ConsumedError, parseConsumed } from './consumed-context.ts';
// worked example
import { checkFulfilmentRoutes, FulfilmentRouteError } from './fulfilment-routes.ts';
// worked example
import { FulfilmentUrlError, fulfilmentUrlOf, whyNoFulfilment } from './fulfilment-url.ts';
// worked example
import { MerchantWebhookUrlError, merchantWebhookUrlOf, whyNoMerchantWebhook } from './merchant-webhook-url.ts';
import { QueueNotDeclaredError } from './named-queue.ts';
import { OnCallWebhookError, parseWebhook } from './on-call-context.ts';
import { OtherPartitionsError } from './partitions.ts';
// worked example
import { ClosesTooEarlyError, checkCloseAfter, checkHold, HoldTooShortError } from './payment-window.ts';
import { ExchangeNotDeclaredError } from './publishers.ts';
import { stackOf } from './queue-stacks.ts';
import { enforceRules } from './rules/enforce-rules.ts';
import { QueuesStack } from './stacks/queues-stack.ts';
import { StatefulStack } from './stacks/stateful-stack.ts';
import { StatelessStack } from './stacks/stateless-stack.ts';
import { parseStage, UnknownStageError } from './stages.ts';
import { TableMoveError } from './table-move-rules.ts';
import { tableMoves as declaredMoves, type TableMove } from './table-moves.ts';
import { type DeployedTopology, loadDefinitions, TopologyRefusedError, UnreadableTopologyError } from './topology.ts';
// worked example
import { ValkeyContextError } from './valkey-context.ts';
// worked example
import { WechatPayApiUrlError, wechatPayApiUrlOf, whyNoWechatPayApi } from './wechat-pay-api-url.ts';

/** Named from where the command runs: findings begin with it. */
const definitionsFile = path.relative(process.cwd(), path.join(import.meta.dirname, '../topology/definitions.json'));

/**
 * The whole app of one stage, chosen by `-c stage=…`: its stacks, the rules they must keep, the packs that check them. `-c topology=FILE`
 * deploys other definitions, `-c dialect=…` reads them as that RabbitMQ would, `-c queueStacks=FILE` keeps which stack each queue lives in,
 * `-c consumed=VHOST/QUEUE,…` names queues that something consumes.
 * `warn` is told what is worth knowing about them and stops nothing.
 */
export function createWarrenApp(
  props: AppProps = {},
  warn: (warnings: readonly string[]) => void = () => {},
  { tableMoves = declaredMoves }: { readonly tableMoves?: readonly TableMove[] } = {},
): App {
  const app = new App(props);
  const stage = parseStage(app.node.tryGetContext('stage'));
  const config = configs[stage];
  const prefix = `${config.app}-${stage}`;
  const file = app.node.tryGetContext('topology');
  const deployed = loadDefinitions(file ?? definitionsFile, {
    namePrefix: prefix,
    config,
    dialect: parseDialect(app.node.tryGetContext('dialect')),
    isDefault: file === undefined,
    consumed: parseConsumed(app.node.tryGetContext('consumed')),
    queueStacksFile: app.node.tryGetContext('queueStacks'),
  });
  warn(deployed.warnings);
  // worked example
  if (fulfilmentUrlOf(app) === undefined) warn(whyNoFulfilment(deployed.consumers));
  // worked example
  if (merchantWebhookUrlOf(app, config.merchantWebhook.allowedRanges) === undefined) {
    warn(whyNoMerchantWebhook(deployed));
  }
  // worked example
  if (wechatPayApiUrlOf(app) === undefined) warn(whyNoWechatPayApi(deployed.consumers));
  // worked example
  if (wechatPayApiUrlOf(app) !== undefined) {
    checkCloseAfter(deployed.topology, {
      closeAfter: config.wechatPay.reconcile.closeAfter,
      file: file ?? definitionsFile,
    });
  }

  // worked example
  if (fulfilmentUrlOf(app) !== undefined && deployed.consumers.includes('fulfilment')) {
    checkFulfilmentRoutes(deployed.topology, file ?? definitionsFile);
  }
  // worked example
  if (deployed.consumers.includes('stock')) {
    checkHold(deployed.topology, { hold: config.stock.hold, file: file ?? definitionsFile });
  }

  const onCallContext = {
    email: app.node.tryGetContext('onCallEmail'),
    escalationEmail: app.node.tryGetContext('escalationEmail'),
  };
  const webhook = parseWebhook(app.node.tryGetContext('onCallWebhook'));
  const stateful = new StatefulStack(app, `${prefix}-stateful`, {
    config,
    namePrefix: prefix,
    onCallContext,
    consumers: deployed.consumers,
    hasPartitions: deployed.topology.exchanges.some(({ partitions }) => partitions !== undefined),
    tableMoves,
  });
  const byStack = plansByStack(deployed);
  const common = { config, onCall: stateful.onCall, hasDashboard: byStack.length > 1 };
  const queueStacks = byStack.map(
    ([number, plans]) => new QueuesStack(app, `${prefix}-queues-${number}`, { ...common, plans }),
  );
  new StatelessStack(app, `${prefix}-stateless`, { config, deployed, stateful, queueStacks, stage, webhook });
  Tags.of(app).add('warren:stage', stage);
  enforceRules(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}

/** What the CDK throws when rules of ours or of the packs are broken: its message says which. */
const brokenRules: readonly string[] = ['ValidationFailedWithErrors', 'ValidationFailed'];

/** Is the error about what was asked for, rather than about this program? */
export function isRefusal(error: unknown): error is Error {
  if (error instanceof Error && brokenRules.includes(error.name)) return true;
  return [
    UnknownStageError,
    TopologyRefusedError,
    UnreadableTopologyError,
    QueueNotDeclaredError,
    ExchangeNotDeclaredError,
    ConsumedError,
    UnknownDialectError,
    OnCallWebhookError,
    NotPartitionableError,
    OtherPartitionsError,
    TableMoveError,
    // worked example
    ValkeyContextError,
    // worked example
    FulfilmentUrlError,
    // worked example
    MerchantWebhookUrlError,
    // worked example
    FulfilmentRouteError,
    // worked example
    WechatPayApiUrlError,
    // worked example
    ClosesTooEarlyError,
    // worked example
    HoldTooShortError,
  ].some((refusal) => error instanceof refusal);
}

class UnknownDialectError extends Error {
  override readonly name = 'UnknownDialectError';
}

function plansByStack({ queues, queueStacks }: DeployedTopology): [number, QueuePlan[]][] {
  const byStack = Map.groupBy(queues, ({ queue }) => stackOf(queueStacks, queue) ?? 1);
  return [...byStack].sort(([one], [other]) => one - other);
}

/** The value of `-c dialect=…`. */
function parseDialect(value: unknown): Dialect | undefined {
  if (value === undefined) return undefined;
  const dialect = dialects.find((one) => one === value);
  if (!dialect)
    throw new UnknownDialectError(`-c dialect=${String(value)} is not a dialect: choose ${dialects.join(', ')}`);
  return dialect;
}
