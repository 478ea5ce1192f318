import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { consumeUnderKills } from '../reliability/consume-under-kills.ts';
import { scenariosOf } from '../reliability/scenarios.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { testValkeyUrl } from '../support/test-valkey.ts';

const deployment = testDeployment();
const events = 30;
const scenarios = scenariosOf(deployment, { valkeyUrl: testValkeyUrl(), merchantUrl: merchantUrl() });

describe('thirty events, told three times each while the processes of their function are killed', () => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    'have one effect each: %s',
    async (_, scenario) => {
      const run = { deployment, events, times: 3, seed: 11, withinMs: 300_000 };
      const [row] = await consumeUnderKills([scenario], run);

      expect(row).toMatchObject({ done: events, effects: events, left: 0 });
      expect(row?.kills).toBeGreaterThan(0);
    },
    360_000,
  );
});
