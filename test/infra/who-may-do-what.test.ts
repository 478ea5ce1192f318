import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { consumers } from '../../lib/consumers.ts';
import { onlyWhereATableMoves } from './support/a-table-that-moves.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

/** Functions, by their folder, that may do the action, with the resources they may do it to. */
function allowed(action: string, context: { topology?: string } = {}): Record<string, string> {
  const resources = synthesise(warrenApp('dev', context)).flatMap(({ template }) => resourcesIn(template));
  const functions = ofType(resources, 'AWS::Lambda::Function').map(({ Properties }) => ({
    folder: String(Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME),
    role: String(Properties['Role']['Fn::GetAtt'][0]),
  }));
  const statements = ofType(resources, 'AWS::IAM::Policy').flatMap(({ Properties }) =>
    Properties['PolicyDocument'].Statement.flatMap((statement: { Action: string | string[]; Resource: unknown }) =>
      [statement.Action].flat().includes(action)
        ? Properties['Roles'].map(({ Ref }: { Ref: string }) => ({ role: Ref, on: JSON.stringify(statement.Resource) }))
        : [],
    ),
  );
  return Object.fromEntries(
    functions.flatMap(({ folder, role }) => {
      const own = statements.filter((one) => one.role === role).map(({ on }) => on);
      return own.length === 0 ? [] : [[folder, own.join()]];
    }),
  );
}

describe('bodies in S3', () => {
  it('are put by every function that sends messages, and got by those that read queues', () => {
    const every = readdirSync('lambdas').filter((name) => existsSync(path.join('lambdas', name, 'index.ts')));
    const silent: readonly string[] = [
      'circuit-breaker',
      // worked example
      'compare-books',
      // worked example
      'daily-bill',
      'exception-notices',
      'on-call-watch',
      'on-call-webhook',
      // worked example
      'ledger-balance',
      // worked example
      'order-numbers',
      // worked example
      'order-cache-rebuild',
      // worked example
      'order-query',
      // worked example
      'refund-desk',
      ...onlyWhereATableMoves,
    ];

    expect(Object.keys(allowed('s3:PutObject')).sort()).toEqual(every.filter((name) => !silent.includes(name)).sort());
    // The retention sweep and park send nothing: they store what is too large for a row.
    expect(Object.keys(allowed('s3:GetObject')).sort()).toEqual(
      [...Object.keys(consumers), 'dead-letters', 'delayed-publish', 'replay'].sort(),
    );
  });
});

describe('the queues of the topology', () => {
  it('are all swept, with their dead-letter queues, and only their messages are touched', () => {
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']) {
      const { 'retention-sweep': sweep = '' } = allowed(action);
      for (const name of ['orders-payments', 'analytics-orders', 'unrouted']) {
        expect(sweep).toMatch(new RegExp(`:warren-dev-${name}(-[0-9a-f]{10})?"`));
        expect(sweep).toMatch(new RegExp(`:warren-dev-${name}(-[0-9a-f]{10})?-dlq"`));
      }
    }
    for (const action of ['sqs:SendMessage', 'sqs:PurgeQueue', 'sqs:GetQueueAttributes', 's3:GetObject']) {
      expect(allowed(action)).not.toHaveProperty('retention-sweep');
    }
    expect(Object.keys(allowed('cloudwatch:GetMetricData'))).toEqual(['retention-sweep']);
  });
});

describe('the depth of queues', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-depths-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  it('is read by nobody where no queue refuses what is over its length', () => {
    expect(allowed('sqs:GetQueueAttributes')).not.toHaveProperty('publish');
  });

  it('is read of the queues that do, by what a publisher waits for, and not by what sends on', () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const queue = (name: string, overflow: string) => ({
      vhost: '/',
      name,
      durable: true,
      arguments: { 'x-max-length': 1, 'x-overflow': overflow },
    });
    const topology = path.join(folder, 'definitions.json');
    writeFileSync(
      topology,
      JSON.stringify({ queues: [queue('refuses', 'reject-publish'), queue('drops', 'drop-head')] }),
    );

    const { publish, 'delayed-publish': delayed } = allowed('sqs:GetQueueAttributes', { topology });

    expect(publish).toContain('warren-dev-refuses');
    expect(publish).not.toContain('warren-dev-drops');
    // Its event source mapping reads the attributes of its own queue.
    expect(delayed).not.toContain('warren-dev-refuses');
  });
});
