/** What is there for the worked example alone, from the project's root. Elsewhere the line `// worked example` marks what belongs to it. */
export const exampleFiles: readonly string[] = [
  'events/ledger',
  'events/order-timeouts',
  'events/orders',
  'lambdas/ledger',
  'lambdas/order-timeouts',
  'lambdas/orders',
  'lambdas/shared/orders',
  'lambdas/shared/wechat-pay',
  'lambdas/wechat-pay-notify',
  'lib/constructs/notify-alarms.ts',
  'lib/functions/ledger.ts',
  'lib/functions/order-timeouts.ts',
  'lib/functions/orders.ts',
  'lib/functions/wechat-pay-notify.ts',
  'lib/stacks/example-data.ts',
  'local/demo',
  'local/remove-example',
  'local/remove-example.ts',
  'local/wechat-pay-simulator',
  'test/order-states',
  'test/recipes',
  'test/unit/local/without-marked.test.ts',
];

/** Scripts of package.json that are there for it alone. */
export const exampleScripts: readonly string[] = ['notify-event', 'order-states', 'remove-example', 'simulator-keys'];

/** Folders in which lines may be marked. */
export const markedFolders: readonly string[] = ['bin', 'lambdas', 'lib', 'local', 'test'];
