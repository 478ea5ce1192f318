import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { consumeUnderKills, type KillRow } from '../reliability/consume-under-kills.ts';
import { scenariosOf } from '../reliability/scenarios.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { testValkeyUrl } from '../support/test-valkey.ts';

const deployment = testDeployment();
const events = 30;
const scenarios = scenariosOf(deployment, { valkeyUrl: testValkeyUrl(), merchantUrl: merchantUrl() });

describe('thirty events, told three times each while the processes of their function are killed', () => {
  const rows = new Map<string, KillRow>();

  // Side by side: most of the time a killed batch waits until SQS hands it out again.
  beforeAll(async () => {
    const run = { deployment, events, times: 3, seed: 11, withinMs: 600_000 };
    for (const row of await consumeUnderKills(scenarios, run)) rows.set(row.scenario, row);
  }, 700_000);

  it.each(scenarios.map(({ name }) => name))('have one effect each: %s', (name) => {
    const row = rows.get(name);

    expect(row).toMatchObject({ done: events, effects: events, left: 0 });
    expect(row?.kills).toBeGreaterThan(0);
  });
});
