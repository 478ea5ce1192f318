import { UnreadableRowError } from '../../../lambdas/shared/books/books.ts';
import { checkOrderNumber, InvalidOrderNumberError } from '../../../lambdas/shared/order-numbers/order-numbers.ts';
import { readStory } from '../../../lambdas/shared/story/read-story.ts';
import { type Story, storyOf } from '../../../lambdas/shared/story/story.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { asked } from '../stage/asked.ts';
import { formatTable } from '../table.ts';
import type { OrdersDeps } from './options.ts';

export interface ShowOptions {
  readonly stage: string;
  readonly json: boolean;
}

/** `warren orders show`: an order's whole story, in time order. */
export async function showOrder(
  out_trade_no: string,
  { stage, json }: ShowOptions,
  io: Io,
  { reach, now }: OrdersDeps,
): Promise<ExitStatus> {
  const facts = await read(out_trade_no, await reach(stage));
  if (!facts) {
    const hint = mistyped(out_trade_no);
    const text = `nothing is written of an order ${out_trade_no}${hint === undefined ? '' : `. ${hint}`}`;
    if (json) printJson(io, { out_trade_no, found: false, ...(hint !== undefined && { hint }) });
    else io.stderr.write(`warren: ${text}\n`);
    return 1;
  }
  const story = storyOf(facts, now());
  if (json) printJson(io, { ...story, found: true });
  else io.stdout.write(`${textOf(story, stage).join('\n')}\n`);
  return 0;
}

/** A row that nobody can read is for a person: it says which. */
async function read(out_trade_no: string, deps: Awaited<ReturnType<OrdersDeps['reach']>>) {
  try {
    return await asked('dynamodb:GetItem and dynamodb:Query on the tables of orders', () =>
      readStory(out_trade_no, deps),
    );
  } catch (error) {
    if (error instanceof UnreadableRowError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Other makers' numbers are numbers too: one is judged only when it looks like ours. */
function mistyped(out_trade_no: string): string | undefined {
  if (!/^\d{17}$/.test(out_trade_no)) return undefined;
  try {
    checkOrderNumber(out_trade_no);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidOrderNumberError)) throw error;
    return 'If order-numbers has given it out, a digit is mistyped: its check digit is wrong';
  }
}

function textOf({ out_trade_no, state, lines, waitsFor, differences, acts }: Story, stage: string): string[] {
  const rows = lines.map(({ at, source, what }) => [at, source, what]);
  return [
    `Order ${out_trade_no}: ${state ?? 'no row in Orders'}`,
    '',
    ...formatTable(['when', 'source', 'what'], rows),
    '',
    waitsFor.length === 0 ? 'It waits for nothing.' : 'It waits for',
    ...waitsFor.map((one) => `  ${one}`),
    ...(differences.length === 0 ? [] : ['Its books do not agree', ...differences.map((one) => `  ${one}`)]),
    ...(acts.length === 0 ? [] : ['You can look, or act', ...acts.map((one) => `  npx ${one} --stage ${stage}`)]),
  ];
}
