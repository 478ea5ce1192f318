import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Consumer } from '../../lambdas/shared/consumer/consumer.ts';
import { PermanentError } from '../../lambdas/shared/consumer/errors.ts';
import { readmeConsumer } from '../support/readme-consumer.ts';
import { delivered, loopAround } from './lambdas/shared/consumer/record-loop-on-fakes.ts';

interface Points {
  readonly order: string;
  readonly points: number;
}

const source = readmeConsumer();
// In the project, where the packages it imports are found.
const local = path.join(import.meta.dirname, '../../.local');
mkdirSync(local, { recursive: true });
const folder = mkdtempSync(path.join(local, 'readme-consumer-'));
afterAll(() => rmSync(folder, { recursive: true }));

let create: (deps: { apply: (points: Points) => Promise<void> }) => Consumer<Points>;
beforeAll(async () => {
  const file = path.join(folder, 'loyalty-consumer.ts');
  writeFileSync(file, source);
  create = (await import(file)).createLoyaltyConsumer;
});

const record = (id: string, body: object) => delivered(id, { payload: JSON.stringify(body) });

describe('the consumer that the README shows', () => {
  it('is complete in 15 lines', () => {
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('applies each order once, in the record loop', async () => {
    const applied: Points[] = [];
    const { run, keys } = loopAround(create({ apply: async (points) => void applied.push(points) }));
    const one = { order: 'A', points: 5 };

    expect(await run(record('1', one), record('2', one), record('3', { order: 'B', points: 7 }))).toEqual([]);

    expect(applied).toEqual([one, { order: 'B', points: 7 }]);
    expect(keys[0]).toEqual({ businessKey: 'loyalty:A', comparable: [5] });
  });

  it.each([
    ['retries what throws', new Error('down'), ['1'], 'retry'],
    ['dead-letters what throws a PermanentError', new PermanentError('no such member'), [], 'rejected'],
  ])('%s', async (_, error, failed, outcome) => {
    const { run, outcomes } = loopAround(create({ apply: () => Promise.reject(error) }));

    expect(await run(record('1', { order: 'A', points: 5 }))).toEqual(failed);
    expect(outcomes()).toEqual([outcome]);
  });

  it('dead-letters what does not fit its schema', async () => {
    const { run, outcomes } = loopAround(create({ apply: async () => {} }));

    expect(await run(record('1', { order: 'A', points: 'five' }))).toEqual([]);
    expect(outcomes()).toEqual(['rejected']);
  });
});
