/** Compares Warren's routing with real brokers: docs/conformance-live.md. */
import { randomInt } from 'node:crypto';
import { connectBroker } from './broker/live-broker.ts';
import { UnreachableBrokerError } from './broker/management.ts';
import { HelpAsked, type Options, readOptions, UsageError, usage } from './options.ts';
import { plants } from './plants.ts';
import { jsonReport, textReport } from './report.ts';
import { run } from './run.ts';

try {
  const options = readOptions(process.argv.slice(2), process.env, () => randomInt(2 ** 31));
  let different = false;
  for (const broker of options.brokers) different = (await runOne(options, broker)) || different;
  process.exitCode = different ? 1 : 0;
} catch (error) {
  if (error instanceof HelpAsked) {
    process.stdout.write(`Compares where Warren and running brokers route messages.\n\n${usage}\n`);
  } else if (error instanceof UsageError || error instanceof UnreachableBrokerError) {
    process.stderr.write(`${error.message}\n(--help says how it is used)\n`);
    process.exitCode = 2;
  } else throw error;
}

/** Whether a difference was found. */
async function runOne(options: Options, address: Options['brokers'][number]): Promise<boolean> {
  const { seed, messages, round, plant, json } = options;
  const broker = await connectBroker(address.amqp, address.management);
  const interrupted = (): void => {
    broker.close().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const started = performance.now();
    const onProgress = progressOn(process.stderr, broker.version, seed);
    const result = await run(broker, { seed, messages, round, plants: plant ? [plants[plant]] : [], onProgress });
    const report = { ...result, seed, seconds: (performance.now() - started) / 1000 };
    process.stdout.write(`${json ? jsonReport(report) : textReport(report, options, address)}\n`);
    return result.found !== undefined;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await broker.close();
  }
}

/** A line now and then: the seed is known from the first on, however the run ends. */
function progressOn(stream: NodeJS.WriteStream, version: string, seed: number): (compared: number) => void {
  const each = 20_000;
  let next = each;
  stream.write(`RabbitMQ ${version}, seed ${seed}\n`);
  return (compared) => {
    if (compared < next) return;
    next += each;
    stream.write(`RabbitMQ ${version}: ${compared} compared\n`);
  };
}
