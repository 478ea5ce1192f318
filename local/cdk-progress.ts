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

/** The lines of the CDK's output that say why it failed; without any, its last lines. */
export function errorLines(output: string, most = 12): string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const telling = lines.filter((line) => TELLING.test(line) && !NOISE.test(line));
  return (telling.length > 0 ? [...new Set(telling)] : lines.filter((line) => line !== '')).slice(-most);
}

const TELLING = /_FAILED|\berror\b|Error:|❌|‣|failed/i;
/** Stack frames, and the CDK's advice, which mentions errors without being one. */
const NOISE = /^\s+at |^WARNING|ROLLBACK_IN_PROGRESS/;
