import { type Command, InvalidArgumentError } from 'commander';
import type { ExitStatus, Io } from '../io.ts';
import type { RebuildDeps } from './options.ts';
import { rebuild } from './rebuild.ts';

interface Typed {
  readonly stage: string;
  readonly after?: string;
  readonly page: number;
  readonly json: boolean;
}

const mostOrders = 500;

/** `warren order-cache`. `deps` is asked for when the cache is rebuilt. */
export function addOrderCache(
  program: Command,
  {
    io,
    deps,
    done,
  }: { readonly io: Io; readonly deps: () => Promise<RebuildDeps>; readonly done: (status: ExitStatus) => void },
): void {
  const orderCache = program.command('order-cache').summary("the worked example's cache of orders");
  orderCache
    .command('rebuild')
    .summary('put every order of the orders table into the cache')
    .description(
      'Has the function order-cache-rebuild of a stage read the orders table page by page, and put each order into the cache where that has no newer version. It may run beside live traffic, and as often as one likes.',
    )
    .requiredOption('--stage <name>', 'the stage; local is what npm start has deployed')
    .option('--after <out_trade_no>', 'go on behind this order, where an earlier run stopped')
    .option('--page <n>', `orders in a request, at most ${mostOrders}`, pageSize, 200)
    .option('--json', 'for machines: JSON on stdout', false)
    .addHelpText('after', help)
    .action(async (typed: Typed) => done(await rebuild(typed, io, await deps())));
}

const help = `
Exit status: 0 every order is in the cache; 1 it stopped before the end, or a row is no order; 2 nothing was done.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They need lambda:InvokeFunction and
cloudformation:DescribeStacks.`;

function pageSize(value: string): number {
  const orders = Number(value);
  if (Number.isInteger(orders) && orders >= 1 && orders <= mostOrders) return orders;
  throw new InvalidArgumentError(`A whole number from 1 to ${mostOrders}.`);
}
