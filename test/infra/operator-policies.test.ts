import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stages } from '../../lib/stages.ts';
import { actionsIn } from '../support/aws-actions.ts';
import { reachableFrom, sourceOf } from './support/function-sources.ts';
import { actionsOfCommand } from './support/recorded-operator.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));

function statementsOf(kind: 'read-only' | 'operator' | 'refunds'): Statement[] {
  const [policy] = ofType(resources, 'AWS::IAM::ManagedPolicy').filter(
    ({ Properties }) => Properties['ManagedPolicyName'] === `warren-prod-${kind}`,
  );
  return policy?.Properties['PolicyDocument'].Statement ?? [];
}

const actionsOf = (statements: readonly Statement[]) => [...new Set(statements.flatMap(({ Action }) => Action))].sort();

const folder = mkdtempSync(path.join(tmpdir(), 'warren-operators-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the policy to look', () => {
  const looks = [
    ['queues'],
    ['tail', 'work', '--once'],
    ['audit'],
    ['audit', 'work'],
    ['exceptions', 'list'],
    ['exceptions', 'show', '8f1c'],
    ['exceptions', 'export', path.join(folder, 'exported.jsonl')],
    ['hot-keys'],
    // worked example
    ['balances', '--check'],
    // worked example
    ['orders', 'show', 'N1'],
  ];

  it('allows what these commands ask AWS for, and nothing else', async () => {
    const asked = new Set<string>();
    for (const args of looks) {
      const { status, actions } = await actionsOfCommand(...args, '--stage', 'prod');
      expect({ args, status }).toEqual({ args, status: 0 });
      for (const action of actions) asked.add(action);
    }

    expect(actionsOf(statementsOf('read-only'))).toEqual([...asked].sort());
  });

  it('changes nothing', () => {
    for (const action of actionsOf(statementsOf('read-only'))) {
      expect(action).toMatch(/:(BatchGet|Get|List|Describe|Query|Scan)/);
      expect(action).not.toMatch(/sqs:Receive|lambda:Invoke/);
    }
  });
});

describe('the policy to act', () => {
  it('allows what the sources of all commands call, and nothing else', () => {
    // The table of partitions is there only with a partitioned exchange: who changes them is given that by hand (docs/partitions.md).
    const worlds = globSync('bin/warren/**/world.ts').filter((world) => !world.includes('/partitions/'));
    const files = worlds.flatMap((world) => [...reachableFrom(world)]);
    const called = new Set(files.flatMap((file) => actionsIn(sourceOf(file))));

    expect(called.size).toBeGreaterThan(10);
    const allowed = new Set(['operator', 'read-only'].flatMap((kind) => actionsOf(statementsOf(kind as 'operator'))));
    expect([...allowed].sort()).toEqual([...called].sort());
  });

  it('writes no table but those of exceptions, notices, acts and circuits: an operator pays no order', () => {
    const written = statementsOf('operator').filter(({ Action }) =>
      /Put|Update|Delete/.test(actionsOf([{ Action, Resource: '' }]).join()),
    );
    const tables = written.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb'));

    const names = JSON.stringify(tables.map(({ Resource }) => Resource)).match(/GetAtt(\w+?)[0-9A-F]{8}Arn/g) ?? [];
    expect(names.map((name) => name.replace('GetAtt', '').slice(0, -11)).sort()).toEqual([
      'Audit',
      'Circuits',
      'Exceptions',
      'Notices',
    ]);
  });

  it('changes event source mappings of the stage’s functions only', () => {
    const [statement] = statementsOf('operator').filter(({ Action }) =>
      Action.includes('lambda:UpdateEventSourceMapping'),
    );

    expect(JSON.stringify(statement?.Condition)).toMatch(
      /^\{"ArnLike":\{"lambda:FunctionArn":.*:function:warren-prod-stateles\*"/,
    );
  });
});

describe('the policy to send money back', () => {
  const desk = 'RefundDesk';

  it('is one of its own: it allows that, and operators may not', () => {
    expect(actionsOf(statementsOf('refunds'))).toEqual(['cloudformation:DescribeStacks', 'lambda:InvokeFunction']);
    const invoked = statementsOf('refunds').filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(JSON.stringify(invoked.map(({ Resource }) => Resource))).toMatch(
      new RegExp(`^\\[\\{"Fn::GetAtt":\\["${desk}`),
    );
    for (const kind of ['operator', 'read-only'] as const) {
      expect(statementsOf(kind).length).toBeGreaterThan(0);
      expect(JSON.stringify(statementsOf(kind))).not.toContain(desk);
    }
  });
});

describe.each(stages)('of stage %s', (stage) => {
  it('every resource is the stage’s own, but for what has none', () => {
    const policies = ofType(
      synthesise(warrenApp(stage)).flatMap(({ template }) => resourcesIn(template)),
      'AWS::IAM::ManagedPolicy',
    );
    const statements: Statement[] = policies.flatMap(({ Properties }) => Properties['PolicyDocument'].Statement);

    const unscoped = statements.filter(({ Resource, Condition }) => Resource === '*' && Condition === undefined);
    expect(actionsOf(unscoped)).toEqual([
      'cloudwatch:GetMetricData',
      'lambda:ListEventSourceMappings',
      'sqs:ListQueues',
    ]);
    for (const { Resource, Condition } of statements) {
      if (Resource === '*') continue;
      const text = JSON.stringify([Resource, Condition]);
      expect(text).toMatch(new RegExp(`warren-${stage}|GetAtt`));
    }
  });
});
