import type { Command } from 'commander';

/** What every command has that looks at a stage. */
export function inStage(command: Command): Command {
  return command
    .requiredOption('--stage <name>', 'the stage; local is what npm start has deployed')
    .option('--json', 'for machines: JSON on stdout', false);
}
