import { createWarrenApp, isRefusal } from '../lib/warren-app.ts';

try {
  createWarrenApp();
} catch (error) {
  // What a user got wrong is told in its own words; a stack trace would bury them.
  if (!isRefusal(error)) throw error;
  process.stderr.write(`\n${error.message}\n\n`);
  process.exitCode = 1;
}
