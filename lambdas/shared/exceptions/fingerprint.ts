import { createHash } from 'node:crypto';

/** What an error tells of where it came from. */
export interface Failure {
  readonly name: string;
  readonly stack?: string | undefined;
}

/**
 * One kind of failure: place, error class, and the function of ours it came from. Lines and columns are left out, so that it outlives a
 * deployment; words of the message too, for they differ from message to message. Twelve hexadecimal digits.
 */
export function fingerprintOf(place: string, { name, stack }: Failure): string {
  const parts = JSON.stringify([place, name, ownFrame(stack) ?? '']);
  return createHash('sha256').update(parts).digest('hex').slice(0, 12);
}

/** `function file` of the topmost frame that is neither Node's nor a package's. */
export function ownFrame(stack = ''): string | undefined {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((frame) => !/node:|node_modules|<anonymous>\)?$/.test(frame));
  if (own === undefined) return undefined;
  const [, named = '', location = ''] = /^\s+at (?:async )?(?:(.*) \()?([^()]*)\)?$/.exec(own) ?? [];
  const file = location
    .replace(/(:\d+){1,2}$/, '')
    .split('/')
    .slice(-2)
    .join('/');
  return `${named} ${file}`.trim();
}
