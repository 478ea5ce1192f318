import { type Break, type KeptPromise, notYet, promises } from './promises.ts';

export interface Noticed {
  readonly tests: number;
  /** Their names. */
  readonly failed: readonly string[];
}

/** docs/promises.md. */
export function promisesPage(noticed: ReadonlyMap<Break, Noticed>): string {
  return `# Promises

What Warren promises, the tests that hold it, and what was broken on purpose to see them fail. Written by \`npm run promises\`, which breaks each
line in a copy of the project and runs the tests that must notice. Tests in \`test/integration\` run on deployed stacks; what they
notice besides is not counted here.

${promises.map((promise, at) => sectionOf(promise, at + 1, noticed)).join('\n')}
${notYet.length > 0 ? `## Not kept yet\n\n${notYet.map((one) => `- ${one}`).join('\n')}\n` : ''}`;
}

function sectionOf(
  { title, text, heldBy, breaks }: KeptPromise,
  number: number,
  noticed: ReadonlyMap<Break, Noticed>,
): string {
  return `## ${number}. ${title}

${text}

${heldBy.map((file) => `- [${file}](../${file})`).join('\n')}

| Broken on purpose | In | Tests that failed | Among them |
| --- | --- | --- | --- |
${breaks.map((one) => rowOf(one, noticed.get(one))).join('\n')}
`;
}

function rowOf({ what, file }: Break, { tests, failed }: Noticed = { tests: 0, failed: [] }): string {
  const [first = 'NONE NOTICED'] = failed;
  return `| ${what} | ${file} | ${failed.length} of ${tests} | ${first.replaceAll('|', '\\|')} |`;
}
