import { stages } from '../../lib/stages.ts';
import { notCalled } from '../least-privilege/not-called.ts';
import { grantedActions, mappedFolders, resourcesOf } from '../support/granted-actions.ts';
import { usedActions } from '../support/recorded-calls.ts';
import { synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

/** Lambda does these by the function's role. */
const byLambda = {
  logs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  mapping: [
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ReceiveMessage',
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
};

const used = usedActions();
const deployed = (stage: (typeof stages)[number]) =>
  resourcesOf(synthesise(warrenApp(stage)).map(({ template }) => template.toJSON()));

describe('what functions may do', () => {
  const resources = deployed('local');
  const granted = grantedActions(resources);
  const mapped = mappedFolders(resources);
  const forLambda = (folder: string) => [...byLambda.logs, ...(mapped.has(folder) ? byLambda.mapping : [])];

  /** A function that no integration test runs has no record, as a new one has none: docs/decisions.md. */
  const recorded = [...granted.keys()].filter((folder) => used[folder] !== undefined).sort();

  it('was recorded for every function of Warren’s own that the integration tests deploy', () => {
    const own = [
      'circuit-breaker',
      'dead-letters',
      'delayed-publish',
      'exception-notices',
      'on-call-watch',
      'outbox-relay',
      'outbox-sweep',
      'park',
    ];

    expect(recorded).toEqual(expect.arrayContaining([...own, 'publish', 'publish-http', 'replay', 'retention-sweep']));
  });

  it.each(recorded)('is granted as far as the integration tests make it call: %s', (folder) => {
    const missing = (used[folder] ?? []).filter((action) => !granted.get(folder)?.includes(action));

    expect(missing).toEqual([]);
  });

  it.each(recorded)('is called, is Lambda’s, or stays for a reason that is written: %s', (folder) => {
    const idle = (granted.get(folder) ?? []).filter(
      (action) => !used[folder]?.includes(action) && !forLambda(folder).includes(action),
    );

    expect(idle).toEqual(Object.keys(notCalled[folder] ?? {}).sort());
  });

  it.each(stages)('is in stage %s what it is where it was recorded', (stage) => {
    expect([...grantedActions(deployed(stage))]).toEqual([...granted]);
  });
});
