import { stopEmulator } from './emulator.ts';
// worked example
import { stopValkey } from './valkey.ts';

const usage = 'npm stop: ends the local AWS that npm start left up, with all that is in it. It takes no options.';

const [argument] = process.argv.slice(2);
if (argument === '--help') {
  console.log(usage);
} else if (argument !== undefined) {
  console.error(`${argument} is not known. ${usage}`);
  process.exitCode = 2;
} else {
  const outcome = await stopEmulator();
  // worked example
  await stopValkey();
  console.log(
    outcome === 'stopped'
      ? 'The local AWS is stopped. Its queues and tables, and what was in them, are gone: npm start deploys them anew.'
      : 'The local AWS was not running.',
  );
}
