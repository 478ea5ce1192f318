import { CloudFormationClient, DeleteStackCommand, waitUntilStackDeleteComplete } from '@aws-sdk/client-cloudformation';
import { clientConfig } from '../../local/aws-environment.ts';

/** The functions of a stage that is not needed any more take the time of other tests: they are called by schedules. */
export async function deleteStacks(endpoint: string, account: string, names: readonly string[]): Promise<void> {
  const client = new CloudFormationClient(clientConfig(endpoint, account));
  try {
    for (const StackName of names) {
      await client.send(new DeleteStackCommand({ StackName }));
      await waitUntilStackDeleteComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName });
    }
  } finally {
    client.destroy();
  }
}
