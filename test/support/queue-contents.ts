import type { Message } from '@aws-sdk/client-sqs';
import type { Deployment } from '../../local/deployment.ts';
import { eventually } from '../../local/eventually.ts';
import { depth, lookInto } from '../../local/observe.ts';

/** Messages of the queue whose body holds the text, so that a test sees only its own; waits for the first of them. */
export async function messagesWith(
  deployment: Deployment,
  queueUrl: string,
  text: string,
  withinMs = 0,
): Promise<Message[]> {
  return eventually(
    async () => {
      const all = await lookInto(deployment.sqs, queueUrl);
      return all.filter(({ Body }) => Body?.includes(text));
    },
    (found) => found.length > 0,
    withinMs,
  );
}

/** Waits until the queue holds nothing, neither visible nor in flight; answers what is left. */
export function drained(deployment: Deployment, queueUrl: string, withinMs = 30_000): Promise<number> {
  return eventually(
    () => depth(deployment.sqs, queueUrl),
    (left) => left === 0,
    withinMs,
  );
}
