import { readFileSync } from 'node:fs';

/** The consumer that the README shows, as it stands there. */
export function readmeConsumer(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [block, ...more] = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  if (block === undefined || more.length > 0)
    throw new Error('the README must show one block of TypeScript, the consumer');
  return block;
}
