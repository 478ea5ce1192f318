import type { Command } from 'commander';
import type { ExitStatus, Io } from '../io.ts';
import { inStage } from '../operator/in-stage.ts';
import { type DecodeOptions, decodeId } from './decode.ts';
import type { IdsDeps } from './options.ts';

interface Around {
  readonly io: Io;
  /** Asked for when a stage is looked at. */
  readonly deps: () => Promise<IdsDeps>;
  readonly done: (status: ExitStatus) => void;
}

/** `warren ids` */
export function addIds(program: Command, { io, deps, done }: Around): void {
  const ids = program.command('ids').summary('order numbers that were given out');

  inStage(ids.command('decode'))
    .summary('what an order number is: its place in the sequence, and whether it was given out')
    .description('A number that was mistyped is refused by its check digit, before anything is asked.')
    .argument('<number>', 'the order number, 17 digits')
    .addHelpText('after', help)
    .action(async (number: string, typed: DecodeOptions) => done(await decodeId(number, typed, io, deps)));
}

const help = `
Exit status: 0 it was given out; 1 it was not, or is not known to be; 2 it is no order number.
Region and credentials are those of the AWS environment (AWS_PROFILE, AWS_REGION). They may invoke the function
order-numbers, as the policy <app>-<stage>-operator says; the key stays in the function.
`;
