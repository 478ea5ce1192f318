import { CfnOutput } from 'aws-cdk-lib';
import type { Env } from '../../lambdas/order-cache/env.ts';
import type { Env as RebuildEnv } from '../../lambdas/order-cache-rebuild/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { FunctionNetwork } from '../constructs/function-network.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { ServerlessValkey } from '../constructs/serverless-valkey.ts';
import { functionOutput } from '../output-names.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { parseValkey } from '../valkey-context.ts';

/** Connects `lambdas/order-cache` to its queue and to the cache, and `lambdas/order-cache-rebuild` to the cache and the orders. */
export function connectOrderCache(stack: StatelessStack, { example }: StatefulStack): void {
  if (!example) throw new Error('orders are cached, and there is no table of orders');
  const { config } = stack;
  const { url, network } = valkeyOf(stack);
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    VALKEY_URL: url,
    ORDER_CACHE_TABLE: example.orderCache.tableName,
    ORDER_CACHE_LIFE_SECONDS: String(config.orderCache.life.toSeconds()),
  };
  const fn = stack.addConsumer('order-cache', environment, network);

  const rebuildEnvironment: Record<keyof RebuildEnv, string> = {
    ...environment,
    ORDERS_TABLE: example.orders.tableName,
  };
  const folder = 'order-cache-rebuild';
  const rebuild = new NodeFunction(stack, 'OrderCacheRebuild', {
    ...config.orderCache.rebuild,
    ...stack.common,
    folder,
    environment: rebuildEnvironment,
    network,
  });
  grantOnTable(rebuild.fn, example.orders, 'dynamodb:Scan', 'dynamodb:DescribeTable');
  new CfnOutput(stack, functionOutput(folder), { value: rebuild.fn.functionName });

  if (url !== '') return;
  for (const writer of [fn, rebuild.fn]) grantOnTable(writer, example.orderCache, 'dynamodb:PutItem');
}

/** An empty URL: there is no Valkey, and the table is the cache. */
function valkeyOf(stack: StatelessStack): { readonly url: string; readonly network?: FunctionNetwork } {
  const choice = parseValkey(stack.node.tryGetContext('valkey'));
  if (choice === 'none') return { url: '' };
  if (choice === 'serverless') {
    return new ServerlessValkey(stack, 'Valkey', { name: `${stack.deployed.namePrefix}-orders` });
  }
  return choice;
}
