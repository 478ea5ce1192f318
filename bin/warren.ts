import { runWarren } from './warren/program.ts';

// Whoever reads our output may have read enough, as `head` has. What was asked for goes on to its end all the same, and its status is what it came to.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runWarren(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
