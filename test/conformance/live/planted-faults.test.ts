import type { Broker, Outcome } from './case.ts';
import { knownDifferencesOf } from './known-differences.ts';
import { type PlantName, plants } from './plants.ts';
import { createPredict } from './predict.ts';
import { type RunResult, run } from './run.ts';

const version = '4.3.6';
const seed = 1;

/** Warren's own router behind the broker's port, with one rule broken. */
function fakeBroker(broken: PlantName | undefined): Broker {
  return {
    version,
    exchangeTypes: ['direct', 'fanout', 'topic', 'headers', 'x-consistent-hash', 'x-modulus-hash'],
    async publishAll(definitions, messages): Promise<Outcome[]> {
      const changes = broken === undefined ? [] : [plants[broken]];
      const predict = createPredict(definitions, '4.3', [...knownDifferencesOf(version), ...changes]);
      return messages.map((message) => predict(message).decision);
    },
  };
}

function sizeOf({ found }: RunResult): number | undefined {
  if (!found) return undefined;
  const { definitions, messages } = found.smallest;
  return definitions.exchanges.length + definitions.bindings.length + messages.length;
}

describe('the live run, against a broker that is Warren’s own router', () => {
  it('finds nothing when no rule is broken', async () => {
    const result = await run(fakeBroker(undefined), { seed, messages: 10_000 });

    expect(result).toMatchObject({ version, dialect: '4.3', compared: 10_000, found: undefined });
  });

  it.each(Object.keys(plants) as PlantName[])('finds %s, and shrinks it to a tiny case', async (rule) => {
    const result = await run(fakeBroker(rule), { seed, messages: 50_000 });

    expect(result.found?.smallest.differences).not.toEqual([]);
    expect(sizeOf(result)).toBeLessThanOrEqual(7);
  });

  it('finds the same again by its seed and round', async () => {
    const plant = [plants['no-alternate-exchange']];
    const first = await run(fakeBroker(undefined), { seed, messages: 10_000, plants: plant });
    const again = await run(fakeBroker(undefined), {
      seed,
      messages: 10_000,
      plants: plant,
      round: first.found?.round,
    });

    expect(again.found).toEqual(first.found);
  });
});
