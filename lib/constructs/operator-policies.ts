import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { exceptionsIndexes } from './exceptions.ts';

export interface OperatorPoliciesProps {
  /** `<app>-<stage>`: the policies are called `<app>-<stage>-read-only` and `<app>-<stage>-operator`. */
  readonly namePrefix: string;
  /** The stacks whose outputs say what is where. */
  readonly stacks: readonly Stack[];
  readonly tables: Readonly<Record<'exceptions' | 'notices' | 'audit' | 'circuits', ITable>>;
  /** Whose items may be looked at besides, one by one. Default: none. */
  readonly readable?: readonly ITable[];
  /** Those of the stage: an operator may invoke them, pause them, and surge them. */
  readonly functions: readonly IFunction[];
}

/** What the command line needs, for roles and groups of people to have: to look, and to act too. Nothing here receives or sends a message. */
export class OperatorPolicies extends Construct {
  constructor(scope: Construct, id: string, props: OperatorPoliciesProps) {
    super(scope, id);
    const name = (kind: string) => `${props.namePrefix}-${kind}`;
    const readOnly = new ManagedPolicy(this, 'ReadOnly', {
      managedPolicyName: name('read-only'),
      description: `warren queues, tail, audit, exceptions list, show and export in ${props.namePrefix}`,
      statements: this.looking(props),
    });
    const operator = new ManagedPolicy(this, 'Operator', {
      managedPolicyName: name('operator'),
      description: `Every command of warren in ${props.namePrefix} but warren refunds`,
      statements: [...this.looking(props), ...this.acting(props)],
    });
    for (const policy of [readOnly, operator]) acknowledgeWildcards(policy, props);
    acknowledge(
      operator,
      'arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:event-source-mapping:*',
      mappings,
    );
  }

  private looking({ namePrefix, stacks, tables, readable = [] }: OperatorPoliciesProps): PolicyStatement[] {
    const stack = Stack.of(this);
    const { exceptions, audit, circuits } = tables;
    return [
      allow(
        ['cloudformation:DescribeStacks'],
        stacks.map(({ stackName }) =>
          stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stackName}/*` }),
        ),
      ),
      allow(
        ['sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
        [stack.formatArn({ service: 'sqs', resource: `${namePrefix}-*` })],
      ),
      allow(['cloudwatch:GetMetricData', 'lambda:ListEventSourceMappings', 'sqs:ListQueues'], ['*']),
      allow(['dynamodb:GetItem', 'dynamodb:Query'], [exceptions.tableArn]),
      allow(
        ['dynamodb:Query'],
        exceptionsIndexes.map((index) => `${exceptions.tableArn}/index/${index}`),
      ),
      allow(['dynamodb:Query', 'dynamodb:Scan'], [audit.tableArn]),
      allow(['dynamodb:Scan'], [circuits.tableArn]),
      ...(readable.length === 0
        ? []
        : [
            allow(
              ['dynamodb:GetItem', 'dynamodb:Query'],
              readable.map(({ tableArn }) => tableArn),
            ),
          ]),
    ];
  }

  private acting({ namePrefix, tables, functions }: OperatorPoliciesProps): PolicyStatement[] {
    const stack = Stack.of(this);
    const arns = functions.map(({ functionArn }) => functionArn);
    const mapping = stack.formatArn({
      service: 'lambda',
      resource: 'event-source-mapping',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return [
      allow(['lambda:GetFunctionConcurrency', 'lambda:InvokeFunction'], arns),
      new PolicyStatement({
        actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: [mapping],
        // All of them once more would be more than a policy holds.
        conditions: { ArnLike: { 'lambda:FunctionArn': this.functionsOfTheStage() } },
      }),
      allow(['sqs:SetQueueAttributes'], [stack.formatArn({ service: 'sqs', resource: `${namePrefix}-*` })]),
      allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], [tables.exceptions.tableArn]),
      allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [tables.notices.tableArn]),
      allow(['dynamodb:DeleteItem', 'dynamodb:PutItem'], [tables.audit.tableArn]),
      allow(['dynamodb:DeleteItem'], [tables.circuits.tableArn]),
    ];
  }

  private functionsOfTheStage(): string {
    const { stackName } = Stack.of(this);
    return Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: `${stackName.slice(0, surelyKept)}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** CloudFormation names a function after its stack, and shortens long names. */
const surelyKept = 20;

function allow(actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}

const mappings =
  'Event source mappings have no names: the condition holds those of the stage’s functions, by their names.';

function acknowledgeWildcards(policy: ManagedPolicy, { namePrefix, stacks }: OperatorPoliciesProps): void {
  const arn = (rest: string) => `arn:<AWS::Partition>:${rest}`;
  acknowledge(policy, '*', 'These three have no resources: they read lists and numbers, and change nothing.');
  acknowledge(
    policy,
    arn(`sqs:<AWS::Region>:<AWS::AccountId>:${namePrefix}-*`),
    'Every queue of the stage is looked at; the prefix is of this app and stage alone.',
  );
  for (const { stackName } of stacks) {
    acknowledge(
      policy,
      arn(`cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${stackName}/*`),
      'What follows a stack’s name is an id that it is given when it is created.',
    );
  }
}

function acknowledge(policy: ManagedPolicy, resource: string, reason: string): void {
  Validations.of(policy).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
