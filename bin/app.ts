import { createWarrenApp, isRefusal } from '../lib/warren-app.ts';

try {
  const warnings: string[] = [];
  // By itself the CDK would synthesise again at exit, and tell a failure twice.
  createWarrenApp({ autoSynth: false }, (all) => warnings.push(...all)).synth();
  // Our own block, on every synth and deploy: as annotations each would come with three lines about how to acknowledge it.
  if (warnings.length > 0) process.stderr.write(`\nWarnings, which stop nothing:\n  ${warnings.join('\n  ')}\n\n`);
} catch (error) {
  // What a user got wrong is told in its own words; a stack trace would bury them.
  if (!isRefusal(error)) throw error;
  process.stderr.write(`\n${error.message}\n\n`);
  process.exitCode = 1;
}
