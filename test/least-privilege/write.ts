import { callsBeyond, recordedCalls, usedActions, writeUsedActions } from '../support/recorded-calls.ts';

/** After a whole run of the integration tests: what was recorded in it becomes what every function is known to call. */
const [recorded, before] = [recordedCalls(), usedActions()];
writeUsedActions(recorded);
const tell = (what: string, calls: readonly string[]) =>
  process.stdout.write(`${what}: ${calls.join(', ') || 'nothing'}\n`);
tell(
  'Not seen before',
  callsBeyond(recorded, (service) => before[service]),
);
tell(
  'Not seen any more',
  callsBeyond(before, (service) => recorded[service]),
);
