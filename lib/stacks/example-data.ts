import { CfnOutput, Validations } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Config } from '../config-shape.ts';
import { agendaIndex } from '../constructs/agenda-index.ts';
import { OrderNumbers } from '../constructs/order-numbers.ts';
import type { MerchantSecrets } from '../constructs/wechat-pay-access.ts';
import type { ConsumerName } from '../consumers.ts';
import type { StatefulStack } from './stateful-stack.ts';

/** What of the worked example must outlive a deployment. */
export interface ExampleData extends MerchantSecrets {
  readonly orders: TableV2;
  /** Of each payment: what was asked to be sent back, and how that stands. */
  readonly refunds: TableV2;
  readonly ledger: TableV2;
  /** Of each currency, on several items. */
  readonly balances: TableV2;
  /** What of each entry of the ledger is in the balance. */
  readonly balanceEntries: TableV2;
  /** Goods, and what of them each order holds. */
  readonly stock: TableV2;
  /** What each order has gone through since its payment. */
  readonly sagas: TableV2;
  /** Of use where there is no Valkey. It is always there: whoever changes to Valkey may change back, and empty it costs nothing. */
  readonly orderCache: TableV2;
  readonly orderNumbers: OrderNumbers;
  /** By which the merchant knows that it is Warren who tells it. */
  readonly merchantWebhookKeys: Secret;
}

/** The consumers of the worked example: with any of them its data is deployed. */
export const exampleConsumers: readonly string[] = [
  'ledger',
  'merchant-webhook',
  'order-cache',
  'orders',
  'order-timeouts',
  'refunds',
  'stock',
  'order-saga',
] satisfies ConsumerName[];

/** Straight into the stateful stack: in a construct of its own its logical ids would be others, and CloudFormation would replace it. */
export function addExampleData(stack: StatefulStack, config: Config): ExampleData {
  const { removalPolicy } = config;
  const orders = stack.addTable('Orders', {
    partitionKey: { name: 'out_trade_no', type: AttributeType.STRING },
    globalSecondaryIndexes: [agendaIndex],
  });
  const refunds = stack.addTable('Refunds', {
    partitionKey: { name: 'transaction_id', type: AttributeType.STRING },
    sortKey: { name: 'out_refund_no', type: AttributeType.STRING },
    globalSecondaryIndexes: [agendaIndex],
  });
  const ledger = stack.addTable('Ledger', {
    partitionKey: { name: 'out_trade_no', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_IMAGE,
  });
  const balances = stack.addTable('Balances', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const balanceEntries = stack.addTable('BalanceEntries', {
    partitionKey: { name: 'out_trade_no', type: AttributeType.STRING },
  });
  const stock = stack.addTable('Stock', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const sagas = stack.addTable('Sagas', { partitionKey: { name: 'out_trade_no', type: AttributeType.STRING } });
  const orderCache = stack.addTable('OrderCache', {
    partitionKey: { name: 'out_trade_no', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires_at',
  });
  const addSecret = (id: string, description: string): Secret => {
    const secret = new Secret(stack, id, { description, removalPolicy });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'WeChat Pay issues these keys in its merchant portal: nothing on AWS can rotate them.',
    });
    new CfnOutput(stack, `${id}Id`, { value: secret.secretArn });
    return secret;
  };
  return {
    orders,
    refunds,
    ledger,
    balances,
    balanceEntries,
    stock,
    sagas,
    orderCache,
    orderNumbers: new OrderNumbers(stack, 'OrderNumbers', {
      table: stack.addTable('Sequences', { partitionKey: { name: 'sequence', type: AttributeType.STRING } }),
      config: config.orderNumbers,
      removalPolicy,
    }),
    merchantWebhookKeys: addWebhookKeys(stack, removalPolicy),
    merchantSecret: addSecret(
      'MerchantSecret',
      'WeChat Pay: mchid, appids, apiV3Key and publicKeys by serial, as JSON',
    ),
    merchantKeySecret: addSecret(
      'MerchantKeySecret',
      "WeChat Pay: serial and privateKey of the merchant's API certificate, as JSON",
    ),
  };
}

/** Its first key is made when it is deployed: 48 bytes, as base64. */
function addWebhookKeys(stack: StatefulStack, removalPolicy: Config['removalPolicy']): Secret {
  const secret = new Secret(stack, 'MerchantWebhookKeys', {
    description: "The merchant's webhook: current, and previous while the merchant changes to a new one, as JSON",
    removalPolicy,
    generateSecretString: {
      secretStringTemplate: '{}',
      generateStringKey: 'current',
      passwordLength: 64,
      // By name, not by `excludePunctuation`, which the local AWS does not heed: what is left is base64.
      excludeCharacters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    },
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SMG4',
    reason:
      'The merchant verifies by the same key: it is changed when the merchant is ready, and both sign until then.',
  });
  new CfnOutput(stack, 'MerchantWebhookKeysId', { value: secret.secretArn });
  return secret;
}
