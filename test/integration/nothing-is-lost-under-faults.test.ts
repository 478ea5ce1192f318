import { type FaultName, faults } from '../reliability/fault-proxy.ts';
import { publishUnderFault } from '../reliability/publish-under-fault.ts';
import { readDeployment } from '../support/deployment-file.ts';

const messages = 1000;

describe('a thousand messages published until each is acked', () => {
  const { endpoint } = readDeployment();

  it.concurrent.each(Object.keys(faults) as FaultName[])(
    'are all stored, and every confirm is true: %s',
    async (fault) => {
      const row = await publishUnderFault(fault, { endpoint, messages, seed: 2026, mostRounds: 30 });

      expect(row).toMatchObject({ confirmed: messages, stored: messages, lost: 0, wrongAcks: 0, wrongNacks: 0 });
      expect(row.injected).toBeGreaterThan(0);
    },
    // Of all faults at once: a busy machine takes its time, and what is promised is no time.
    300_000,
  );
});
