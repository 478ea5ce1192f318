/** What is there for the worked example alone, from the project's root. Elsewhere the line `// worked example` marks what belongs to it. */
export const exampleFiles: readonly string[] = [
  'events/fulfilment',
  'events/ledger',
  'events/order-timeouts',
  'events/orders',
  'lambdas/fulfilment',
  'lambdas/ledger',
  'lambdas/order-timeouts',
  'bin/warren/order-cache',
  'events/order-cache',
  'lambdas/order-cache',
  'lambdas/order-cache-rebuild',
  'lambdas/orders',
  'lambdas/shared/order-cache',
  'lambdas/shared/orders',
  'lambdas/shared/wechat-pay',
  'lambdas/wechat-pay-notify',
  'lib/constructs/notify-alarms.ts',
  'lib/fulfilment-url.ts',
  'lib/functions/fulfilment.ts',
  'lib/functions/ledger.ts',
  'lib/functions/order-timeouts.ts',
  'lib/constructs/serverless-valkey.ts',
  'lib/functions/order-cache.ts',
  'lib/functions/orders.ts',
  'lib/functions/wechat-pay-notify.ts',
  'lib/stacks/example-data.ts',
  'lib/outside-address.ts',
  'lib/valkey-context.ts',
  'lib/wechat-pay-api-url.ts',
  'local/demo',
  'local/merchant',
  'local/remove-example',
  'local/remove-example.ts',
  'local/valkey-server.ts',
  'local/valkey.ts',
  'local/wechat-pay-simulator',
  'test/order-states',
  'test/recipes',
  'test/support/test-valkey.ts',
  'test/unit/local/without-marked.test.ts',
];

/** Scripts of package.json that are there for it alone. */
export const exampleScripts: readonly string[] = ['notify-event', 'order-states', 'remove-example', 'simulator-keys'];

/** Folders in which lines may be marked. */
export const markedFolders: readonly string[] = ['bin', 'lambdas', 'lib', 'local', 'test'];
