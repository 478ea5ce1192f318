import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BatchConsumer, Consumer } from '../../lambdas/shared/consumer/consumer.ts';
import { batchLoopAround } from './lambdas/shared/consumer/batch-loop-on-fakes.ts';
import { delivered, loopAround } from './lambdas/shared/consumer/record-loop-on-fakes.ts';

interface Points {
  readonly order: string;
  readonly points: number;
}

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/consumers.md'), 'utf8');
// In the project, two folders deep as in lambdas/, where what it imports is found.
const lambdas = path.join(root, 'lambdas');
mkdirSync(lambdas, { recursive: true });
const folder = mkdtempSync(path.join(lambdas, 'consumers-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A block of the page, as the module that its first line names. */
async function shown<Module>(name: string): Promise<Module> {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  const source = blocks.find((code) => code.startsWith(`// lambdas/${name}/`));
  if (source === undefined) throw new Error(`docs/consumers.md shows no lambdas/${name}/`);
  const file = path.join(folder, `${name}.ts`);
  writeFileSync(file, source);
  return import(file);
}

const record = (id: string, body: object) => delivered(id, { payload: JSON.stringify(body) });

describe('the consumer that docs/consumers.md shows', () => {
  type Module = {
    createLoyaltyConsumer(deps: { send: (order: string) => Promise<number> }): Consumer<Points>;
  };

  it.each([
    [200, [], 'ack', []],
    [404, [], 'rejected', []],
    [429, ['1'], 'retry', [['1', 120]]],
    [503, ['1'], 'retry', [['1', 5]]],
  ])('does with an answer of %i what the page says', async (status, failed, outcome, delayed) => {
    const { createLoyaltyConsumer } = await shown<Module>('loyalty');
    const { run, outcomes, delays } = loopAround(createLoyaltyConsumer({ send: async () => status }));

    expect(await run(record('1', { order: 'A', points: 5 }))).toEqual(failed);
    expect([outcomes(), delays]).toEqual([[outcome], delayed]);
  });
});

describe('the batch consumer that docs/consumers.md shows', () => {
  type Module = {
    createTotalConsumer(deps: {
      store: (all: readonly Points[]) => Promise<ReadonlyMap<string, Error>>;
    }): BatchConsumer<Points>;
  };

  it('stores a batch at once, and retries what was refused', async () => {
    const { createTotalConsumer } = await shown<Module>('points-total');
    const stored: (readonly Points[])[] = [];
    const store = async (all: readonly Points[]) => {
      stored.push(all);
      return new Map([['B', new Error('busy')]]);
    };
    const { run } = batchLoopAround(createTotalConsumer({ store }));

    expect(await run(record('1', { order: 'A', points: 5 }), record('2', { order: 'B', points: 7 }))).toEqual(['2']);
    expect(stored).toHaveLength(1);
  });
});
