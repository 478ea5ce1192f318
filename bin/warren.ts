import { runWarren } from './warren/program.ts';

process.exitCode = await runWarren(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
