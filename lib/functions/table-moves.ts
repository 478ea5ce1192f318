import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env as FollowerEnv } from '../../lambdas/table-follower/env.ts';
import type { Env as MoverEnv } from '../../lambdas/table-mover/env.ts';
import { alarmAbove } from '../constructs/alarm-above.ts';
import { alarmWithout } from '../constructs/alarm-without.ts';
import { countedBy } from '../constructs/counted-by.ts';
import { followStream } from '../constructs/follow-stream.ts';
import { type MovingTable, type MovingTables, movesEnvironment } from '../constructs/moving-tables.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { runEvery } from '../constructs/run-every.ts';
import { declaredMovesOutput, functionOutput } from '../output-names.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

const runbook = '#a-table-moves';
/** Changes that come this late make a move long, and nothing worse. */
const lateAfter = Duration.minutes(15);

/** Only where `lib/table-moves.ts` declares a move: `lambdas/table-mover`, and `lambdas/table-follower` on the streams of both tables. */
export function addTableMoves(stack: StatelessStack, stateful: StatefulStack): void {
  const { moving } = stateful;
  if (!moving) return;
  const mover = addMover(stack, stateful, moving);
  const follower = addFollower(stack, stateful, moving);
  new CfnOutput(stack, functionOutput('table-mover'), { value: mover.functionName });
  new CfnOutput(stack, functionOutput('table-follower'), { value: follower.functionName });
  new CfnOutput(stack, declaredMovesOutput, { value: movesEnvironment(stack, moving).TABLE_MOVES });
}

function addMover(stack: StatelessStack, { onCall }: StatefulStack, moving: MovingTables): IFunction {
  const { config } = stack;
  const folder = 'table-mover';
  const { fn } = new NodeFunction(stack, 'TableMover', {
    ...config.functions.tableMover,
    ...stack.common,
    folder,
    environment: movesEnvironment(stack, moving) satisfies Record<keyof MoverEnv, string>,
  });
  allow(fn, moving.rows, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:ConditionCheckItem');
  for (const { source, target } of moving.tables) {
    allow(fn, source, 'dynamodb:DescribeTable', 'dynamodb:Scan', 'dynamodb:BatchGetItem');
    allow(fn, target, 'dynamodb:DescribeTable', 'dynamodb:Scan', 'dynamodb:BatchGetItem');
    allow(fn, target, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
  }
  runEvery(stack, 'TableMoverSchedule', fn, Duration.minutes(1));
  onCall.hearsOf(
    alarmAbove(stack, 'TableMoverFails', {
      metric: fn.metricErrors({ period: Duration.minutes(5) }),
      threshold: 0,
      impact:
        'A table does not get on with its move. If its writes are closed, nothing is applied that it takes: npx warren tables says so, and npx warren tables back opens them.',
      runbook,
    }),
  );
  onCall.hearsOf(
    alarmWithout(stack, 'TableMoverStill', {
      metric: fn.metricInvocations({ period: Duration.minutes(5) }),
      periods: 2,
      impact:
        'The mover has not run for ten minutes. If writes of a table are closed, nobody opens them, and nothing is applied that it takes: npx warren tables says so, and npx warren tables back opens them, on the other side if both are equal already.',
      runbook,
    }),
  );
  onCall.hearsOf(
    alarmAbove(stack, 'TableWritesReopened', {
      metric: countedBy(folder, 'WritesReopened'),
      threshold: 0,
      impact:
        'For minutes nobody could write a table, and its move did not get on: its writes are open where they were. npx warren tables compare says what differs.',
      runbook,
    }),
  );
  return fn;
}

function addFollower(stack: StatelessStack, { onCall }: StatefulStack, moving: MovingTables): IFunction {
  const { config } = stack;
  const { fn } = new NodeFunction(stack, 'TableFollower', {
    ...config.functions.tableFollower,
    ...stack.common,
    folder: 'table-follower',
    environment: movesEnvironment(stack, moving) satisfies Record<keyof FollowerEnv, string>,
  });
  allow(fn, moving.rows, 'dynamodb:GetItem', 'dynamodb:PutItem');
  const deadLetters = { retention: config.deadLetters.retention, removalPolicy: config.removalPolicy };
  for (const [name, table] of moving.tables.flatMap(bothOf)) {
    // Read while writes are closed.
    allow(fn, table, 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchGetItem');
    followStream(new Construct(stack, `Follow${name}`), {
      fn,
      table,
      deadLetters,
      batchSize: 100,
      onCall,
      givenUp: `Changes of the table ${name} of six hours were not copied to the other table of its move, and its stream has given them up. Nothing is lost where it is written. npx warren tables compare says what differs; where the source is written, go back to stopped and start the move again.`,
      late: {
        after: lateAfter,
        impact: `Changes of the table ${name} are copied ${lateAfter.toMinutes()} minutes late: its move takes longer, and nobody else is hurt.`,
      },
      runbook,
    });
  }
  return fn;
}

function bothOf({ move, source, target }: MovingTable) {
  return [
    [move.table, source],
    [move.to.name, target],
  ] as const;
}

function allow(fn: IFunction, { tableArn }: ITable, ...actions: `dynamodb:${string}`[]): void {
  fn.addToRolePolicy(new PolicyStatement({ actions, resources: [tableArn] }));
}
