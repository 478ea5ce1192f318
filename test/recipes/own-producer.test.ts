import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { jest } from '@jest/globals';
import { addOwnProducer, shownFiles } from './own-producer.ts';
import { copyProject, root } from './project-copy.ts';

// Compiling and synthesising the project takes a busy machine its time.
jest.setTimeout(300_000);

/** docs/producers.md, on a copy of the project. */
describe('a producer of one’s own', () => {
  const copy = copyProject();
  const files = [...shownFiles(root).keys()];

  beforeAll(() => addOwnProducer(copy));
  afterAll(() => rmSync(copy, { recursive: true }));

  it('is all there on the page: the function’s files and its place in the stack', () => {
    expect(files).toEqual([
      'lambdas/checkout/checkout.ts',
      'lambdas/checkout/env.ts',
      'lambdas/checkout/handler.ts',
      'lambdas/checkout/index.ts',
      'lib/functions/checkout.ts',
    ]);
  });

  it('compiles, and has nothing that the linter minds', () => {
    expect(run('npm', 'run', '--silent', 'types')).toMatchObject({ status: 0, output: '' });
    expect(run('npx', 'biome', 'lint', '--error-on-warnings', ...files)).toMatchObject({ status: 0 });
  });

  it('is deployed with the environment and the rights of a publisher: to the queues its exchange leads to', () => {
    const { fn, on } = synthesised();

    expect(Object.keys(fn.Environment.Variables)).toEqual(expect.arrayContaining(['QUEUE_URL_BASE', 'CLAIM_BUCKET']));
    expect(on('sqs:SendMessage').join()).toMatch(/:warren-dev-analytics-orders-/);
    expect(on('sqs:SendMessage').join()).not.toContain('*');
    expect([...on('scheduler:CreateSchedule'), ...on('s3:PutObject')]).toHaveLength(2);
  });

  function run(command: string, ...args: string[]) {
    const windows = process.platform === 'win32';
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', shell: windows });
    return { status, output: stdout + stderr };
  }

  /** The function in the template of the stage dev, and what it may do: by action, the resources as text. */
  function synthesised() {
    const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
      cwd: copy,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: path.join(copy, 'cdk.out'),
        CDK_CONTEXT_JSON: JSON.stringify({ stage: 'dev', 'aws:cdk:bundling-stacks': [] }),
        CDK_VALIDATION: 'false',
      },
    });
    if (status !== 0) throw new Error(stderr);
    const { Resources, Outputs } = JSON.parse(
      readFileSync(path.join(copy, 'cdk.out/warren-dev-stateless.template.json'), 'utf8'),
    );
    const id: string = Outputs.CheckoutFunction.Value.Ref;
    const role: string = Resources[id].Properties.Role['Fn::GetAtt'][0];
    const statements = Object.values<Policy>(Resources)
      .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties.Roles).includes(role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const granted = statements.flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => ({ action, resources: JSON.stringify(Resource) })),
    );
    const on = (wanted: string) => granted.filter(({ action }) => action === wanted).map(({ resources }) => resources);
    return { fn: Resources[id].Properties, on };
  }
});

interface Policy {
  readonly Type: string;
  readonly Properties: {
    readonly Roles: unknown;
    readonly PolicyDocument: {
      readonly Statement: readonly { readonly Action: string | string[]; readonly Resource: unknown }[];
    };
  };
}
