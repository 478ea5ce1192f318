import type { Stage } from '../../../lib/stages.ts';

/** One stage's normalised templates, by stack. */
export interface StageTemplates {
  readonly stage: Stage;
  readonly stacks: Readonly<Record<string, unknown>>;
}

/**
 * What another stage has otherwise, a line a value: `path: theirs → ours`. The stage's own name is no difference, nor are the hashes of
 * logical ids in which it stands.
 */
export function differences(theirs: StageTemplates, ours: StageTemplates): string[] {
  const [from, to] = [valuesOf(theirs), valuesOf(ours)];
  const paths = new Set([...from.keys(), ...to.keys()]);
  return [...paths]
    .filter((path) => from.get(path) !== to.get(path))
    .map((path) => `${path}: ${from.get(path) ?? 'nothing'} → ${to.get(path) ?? 'nothing'}`)
    .sort();
}

function valuesOf({ stage, stacks }: StageTemplates): ReadonlyMap<string, string> {
  const leaves = [...leavesOf(stacks, [])].map(([path, value]): [string, string] => [
    path.map((key) => withoutStage(key, stage)).join('/'),
    value === stage ? 'STAGE' : withoutStage(JSON.stringify(value), stage),
  ]);
  const values = new Map(leaves);
  if (values.size < leaves.length) throw new Error('two values have one path without the stage in it');
  return values;
}

function* leavesOf(value: unknown, path: readonly string[]): Generator<[readonly string[], unknown]> {
  if (typeof value !== 'object' || value === null) {
    yield [path, value];
    return;
  }
  for (const [key, one] of Object.entries(value)) yield* leavesOf(one, [...path, key]);
}

function withoutStage(text: string, stage: Stage): string {
  return text
    .replaceAll(`warren-${stage}`, 'warren-STAGE')
    .replaceAll(/\w+/g, (word) =>
      word.includes(`warren${stage}`)
        ? word.replaceAll(`warren${stage}`, 'warrenSTAGE').replaceAll(/[0-9A-F]{8}/g, '')
        : word,
    );
}
