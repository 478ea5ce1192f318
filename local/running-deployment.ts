import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_ACCOUNT } from './aws-environment.ts';
import { readOutputs } from './deploy.ts';
import { runningEndpoint } from './emulator.ts';
import { paths } from './paths.ts';

/** No local AWS runs, or nothing was ever deployed to it. */
export class NothingDeployedError extends Error {
  override readonly name = 'NothingDeployedError';

  constructor() {
    super('Nothing is deployed locally. Run: npm start -- --once');
  }
}

/** What `npm start` deployed: where it answers, and the outputs of all its stacks. Throws a `NothingDeployedError`. */
export async function runningDeployment(): Promise<{ endpoint: string; outputs: Readonly<Record<string, string>> }> {
  const outputs = join(paths.cdk, `${LOCAL_ACCOUNT}.outputs.json`);
  const endpoint = await runningEndpoint();
  if (endpoint === undefined || !existsSync(outputs)) throw new NothingDeployedError();
  return { endpoint, outputs: Object.assign({}, ...Object.values(readOutputs(outputs))) };
}
