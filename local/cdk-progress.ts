/**
 * Reads the CDK's event lines, such as
 * `Warren-Queues |  3 | 9:15:04 AM | CREATE_COMPLETE | AWS::SQS::Queue | Orders (Orders12AB34CD)`,
 * and says how many of `total` resources are done, all stacks together. A line without news gives undefined.
 */
export function progressOfStacks(total: number): (line: string) => string | undefined {
  const done = new Map<string, number>();
  return (line) => {
    const [, stack, count] = EVENT.exec(line) ?? [];
    if (stack === undefined) return undefined;
    done.set(stack, Number(count));
    const sum = [...done.values()].reduce((all, one) => all + one, 0);
    // Deleted resources are events too, but not part of what we asked for.
    return `${Math.min(sum, total)} of ${total} resources`;
  };
}

/** With change sets the CDK adds the total (`3/14`), without them it has none. */
const EVENT = /^\s*(\S+) \|\s*(\d+)(?:\/\d+)? \|/;

/**
 * The lines of the CDK's output that say why it failed: what the app itself said, if it refused to synthesise; else those that tell of
 * an error; without any, the last ones.
 */
export function errorLines(output: string, most = 12): string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const appFailed = lines.findIndex((line) => APP_FAILED.test(line));
  const said = lines.slice(0, Math.max(appFailed, 0)).filter((line) => line !== '' && !BUNDLING.test(line));
  if (said.length > 0) return beginning(said, most);
  const telling = lines.filter((line) => TELLING.test(line) && !NOISE.test(line));
  return (telling.length > 0 ? [...new Set(telling)] : lines.filter((line) => line !== '')).slice(-most);
}

/** A refusal names the file first and then one finding a line: its beginning tells more than its end. */
function beginning(lines: readonly string[], most: number): string[] {
  const left = lines.length - most;
  return left > 0 ? [...lines.slice(0, most), `… and ${left} more lines`] : [...lines];
}

/** The CDK about `bin/app.ts`; it has passed on before what that printed. */
const APP_FAILED = /: Subprocess exited with error \d+$/;
/** Progress of esbuild, and Node's own frames around an error. */
const BUNDLING =
  /^Bundling asset |^⚡ Done in |\.mjs(\.map)?\s+[\d.]+[km]?b$|^\s+at |^node:internal|^\s+\^$|^Node\.js v|^\s+\.\.\.aws-cdk-lib|^\s+\(no user code|^\s+triggerUncaughtException/;
const TELLING = /_FAILED|\berror\b|Error:|❌|‣|failed/i;
/** Stack frames, and the CDK's advice, which mentions errors without being one. */
const NOISE = /^\s+at |^WARNING|ROLLBACK_IN_PROGRESS/;
