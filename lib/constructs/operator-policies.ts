import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { exceptionsIndexes } from './exceptions.ts';
import { rowsOfMoves, tablesOf } from './moving-tables.ts';

export interface OperatorPoliciesProps {
  /** `<app>-<stage>`: the policies are called `<app>-<stage>-read-only` and `<app>-<stage>-operator`. */
  readonly namePrefix: string;
  /** The stacks whose outputs say what is where. */
  readonly stacks: readonly Stack[];
  readonly tables: Readonly<Record<'exceptions' | 'notices' | 'audit' | 'circuits', ITable>>;
  /** What else is read by who looks. A table that moves is two, and the one that says where it is. */
  readonly reads: readonly { readonly tables: readonly ITable[]; readonly actions: readonly `dynamodb:${string}`[] }[];
  /** Those of the stage: an operator may invoke them, pause them, and surge them. */
  readonly functions: readonly IFunction[];
}

/** What the command line needs, for roles and groups of people to have: to look, and to act too. Nothing here receives or sends a message. */
export class OperatorPolicies extends Construct {
  constructor(scope: Construct, id: string, props: OperatorPoliciesProps) {
    super(scope, id);
    const name = (kind: string) => `${props.namePrefix}-${kind}`;
    // No description names a command: IAM never changes one, and CloudFormation replaces nothing that has a name of its own.
    const readOnly = new ManagedPolicy(this, 'ReadOnly', {
      managedPolicyName: name('read-only'),
      description: `To look at ${props.namePrefix}, by the commands of npx warren that docs/operations.md names`,
      statements: this.looking(props),
    });
    const operator = new ManagedPolicy(this, 'Operator', {
      managedPolicyName: name('operator'),
      description: `To act on ${props.namePrefix}, beside the policy to look, by npx warren, but for what docs/operations.md excepts`,
      // Both in one would be longer than IAM takes.
      statements: this.acting(props),
    });
    for (const policy of [readOnly, operator]) acknowledgeWildcards(policy, props);
    acknowledge(
      operator,
      'arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:event-source-mapping:*',
      mappings,
    );
  }

  private looking({ namePrefix, stacks, tables, reads }: OperatorPoliciesProps): PolicyStatement[] {
    const stack = Stack.of(this);
    const { exceptions, audit, circuits } = tables;
    const rows = rowsOfMoves(reads.flatMap(({ tables: read }) => read));
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
      allow(['dynamodb:DescribeContributorInsights', 'dynamodb:DescribeTable'], [everyTable(tables)]),
      allow(['cloudwatch:GetInsightRuleReport'], [everyInsight(tables)]),
      ...reads.map(({ tables: read, actions }) => allow([...actions], arnsOf(read.flatMap(tablesOf)))),
      ...(rows.length === 0 ? [] : [allow(['dynamodb:GetItem'], arnsOf(rows))]),
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

/** All that are tables of the stage, and their indexes: CloudFormation names them after their stack. One by one they would be more than a policy holds. */
function everyTable({ exceptions }: OperatorPoliciesProps['tables']): string {
  const stack = Stack.of(exceptions);
  return stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName: `${stack.stackName}-*` });
}

/** The rules that DynamoDB makes for them, which it names by what they note, the table, and a time. */
function everyInsight({ exceptions }: OperatorPoliciesProps['tables']): string {
  const stack = Stack.of(exceptions);
  const resourceName = `DynamoDBContributorInsights-*-${stack.stackName}-*`;
  return stack.formatArn({ service: 'cloudwatch', resource: 'insight-rule', resourceName });
}

function arnsOf(tables: readonly ITable[]): string[] {
  return tables.map(({ tableArn }) => tableArn);
}

function allow(actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}

const mappings =
  'Event source mappings have no names: the condition holds those of the stage’s functions, by their names.';

function acknowledgeWildcards(policy: ManagedPolicy, { namePrefix, stacks, tables }: OperatorPoliciesProps): void {
  const arn = (rest: string) => `arn:<AWS::Partition>:${rest}`;
  acknowledge(policy, '*', 'These three have no resources: they read lists and numbers, and change nothing.');
  acknowledge(
    policy,
    arn(`sqs:<AWS::Region>:<AWS::AccountId>:${namePrefix}-*`),
    'Every queue of the stage is looked at; the prefix is of this app and stage alone.',
  );
  const { stackName: ofTables } = Stack.of(tables.exceptions);
  for (const resource of [
    `dynamodb:<AWS::Region>:<AWS::AccountId>:table/${ofTables}-*`,
    `cloudwatch:<AWS::Region>:<AWS::AccountId>:insight-rule/DynamoDBContributorInsights-*-${ofTables}-*`,
  ]) {
    acknowledge(
      policy,
      arn(resource),
      'Every table of the stage is looked at for hot keys; the prefix is of its stack alone.',
    );
  }
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
