import type { Analysis } from '../../rabbitmq/analyse.ts';
import type { LeftOut } from '../../rabbitmq/compile/left-out.ts';
import { labelsOf } from '../../rabbitmq/plan/queue-label.ts';

/** Why there is no answer about a message to an exchange that `--anyway` leaves out; `undefined` when it does not. */
export function leftOutExchange(
  { leftOut }: Analysis,
  { vhost, exchange }: { readonly vhost: string; readonly exchange: string },
): string | undefined {
  return isLeftOut(leftOut, vhost, exchange)
    ? `the exchange '${exchange}' is declared, but left out: see what 'warren check' says of it`
    : undefined;
}

export function isLeftOut({ exchanges }: LeftOut, vhost: string, exchange: string): boolean {
  return exchanges.some((one) => one.vhost === vhost && one.name === exchange);
}

/** ` (exchange 'a', queue 'b')`, or nothing. */
export function namesLeftOut({ exchanges, queues }: LeftOut): string {
  const names = [
    ...(exchanges.length > 0 ? [`exchange ${labelsOf(exchanges)}`] : []),
    ...(queues.length > 0 ? [`queue ${labelsOf(queues)}`] : []),
  ];
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}
