import { type Command, InvalidArgumentError, Option } from 'commander';
import { exceptionStates } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { exceptionReasons } from '../../../lambdas/shared/exceptions/exceptions.ts';
import { UsageError } from '../io.ts';
import { parseReason } from '../operator/given-text.ts';
import type { Filters } from './options.ts';
import { usualStopAbove } from './replay-rows.ts';
import { parseAt, parseWindow, parseZone } from './time-window.ts';

export function withStage(command: Command): Command {
  return command
    .requiredOption('--stage <name>', 'the stage; local is what npm start has deployed')
    .option('--json', 'for machines: JSON on stdout', false);
}

/** All that are given must hold. */
export function withFilters(command: Command): Command {
  return withStage(command)
    .addOption(new Option('--state <state>', 'rows in this state').choices(exceptionStates).default('open'))
    .addOption(new Option('--of-reason <reason>', 'that became one by this').choices(exceptionReasons))
    .option('--fingerprint <id>', 'of this kind of failure', notEmpty)
    .option('--queue <name>', 'that came up in this queue', notEmpty)
    .option('--vhost <name>', 'of that queue; default: /', notEmpty)
    .option('--key <key>', 'with this business key', notEmpty)
    .option('--event <id>', 'with this event id', notEmpty)
    .option('--since <time>', 'that came up last at or after: ISO 8601, UTC unless it says otherwise', isoTime)
    .option('--until <time>', 'that came up last at or before', isoTime)
    .hook('preAction', (_, typed) => refuseVhostAlone(typed.opts()));
}

interface TypedFilters extends Filters {
  readonly all: boolean;
}

/**
 * Of acts on rows: without a filter they would be about every row of a state, which nobody should come to by leaving something out. The state is no
 * filter: there always is one.
 */
export function withAll(command: Command): Command {
  return command
    .option('--all', 'every row of that state; needed where there is no other filter', false)
    .hook('preAction', (_, typed) => refuseUnlessMeant(typed.opts<TypedFilters>()));
}

function refuseUnlessMeant({ all, state, ...filters }: TypedFilters): void {
  const { ofReason, fingerprint, queue, key, event, since, until } = filters;
  const isFiltered = [ofReason, fingerprint, queue, key, event, since, until].some((one) => one !== undefined);
  if (all && isFiltered)
    throw new UsageError(`--all means every row that is ${state}: leave it or the filters out; nothing was done`);
  if (!all && !isFiltered)
    throw new UsageError(
      `that would be every row that is ${state}: say which, by --fingerprint, --queue, --event or another filter, or --all; nothing was done`,
    );
}

/** Taken for no filter at all, it would mean everything. */
function refuseVhostAlone({ queue, vhost }: { readonly queue?: string; readonly vhost?: string }): void {
  if (vhost !== undefined && queue === undefined)
    throw new UsageError('--vhost goes with --queue: it says of which vhost that is; nothing was done');
}

export function withReason(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why: it is kept in the history of each row', parseReason)
    .option('--yes', 'ask nobody', false);
}

export function withLimits(command: Command): Command {
  return command
    .option('--rate <n>', 'messages a second, at most', wholeNumber(1, 10_000))
    .option(
      '--stop-above <percent>',
      'stop when more of those that are done with failed again',
      wholeNumber(0, 100),
      usualStopAbove,
    )
    .option('--no-canary', 'send all at once, and wait for nothing: for a consumer that is paused')
    .option('--at <time>', 'begin then: ISO 8601 with its zone, YYYY-MM-DDThh:mm+08:00', parseAt)
    .option('--window <from-to>', 'send only then, each day, as 01:00-06:00; it waits for the next', parseWindow)
    .option('--timezone <zone>', 'of the window, as Asia/Shanghai', parseZone)
    .option('--settle-seconds <n>', 'wait so long for what is on its way', wholeNumber(1, 86_400), 60);
}

export function withExpired(command: Command): Command {
  return command
    .addOption(
      new Option('--fresh-ttl', 'messages that have expired get their whole time to live again')
        .default(false)
        .conflicts('skipExpired'),
    )
    .option('--skip-expired', 'messages that have expired are left out', false);
}

export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most}.`);
  };
}

/** What a variable of a shell was to hold, and did not. */
export function notEmpty(value: string): string {
  if (value !== '') return value;
  throw new InvalidArgumentError('It is empty.');
}

function isoTime(value: string): string {
  const time = /^\d{4}-\d\d-\d\d/.test(value)
    ? new Date(/[Zz]|[+-]\d\d:?\d\d$/.test(value) || !value.includes('T') ? value : `${value}Z`)
    : undefined;
  if (time && !Number.isNaN(time.getTime())) return time.toISOString();
  throw new InvalidArgumentError('A time as 2026-11-23 or 2026-11-23T02:00:00Z.');
}
