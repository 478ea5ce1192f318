import type { Stack } from 'aws-cdk-lib';
import { Alarm, CfnAlarm, type IAlarm, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { NodeFunction } from '../constructs/node-function.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import { queueRow, rowOfPlan, rowsOf } from '../constructs/queue-rows.ts';
import { type DashboardSection, StageDashboard } from '../constructs/stage-dashboard.ts';
import type { QueuesStack } from '../stacks/queues-stack.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { consumerSections, ownSections } from './dashboard-sections.ts';

/**
 * The stage's dashboard: `<app>-<stage>`. Each RabbitMQ queue has a row on it while one stack holds them all; of several stacks each has a
 * dashboard of its own, because CloudWatch takes 500 widgets and 2,500 metrics on one (CloudWatch, service quotas).
 */
export function addDashboard(stack: StatelessStack, stateful: StatefulStack): void {
  const { queueStacks, deployed } = stack;
  const consumers = childrenOf(stack, QueueConsumer);
  new StageDashboard(stack, 'Dashboard', {
    name: deployed.namePrefix,
    alarms: [
      ...[stateful, stack].flatMap((one) => childrenOf(one, Alarm)),
      ...(queueStacks.length > 1 ? [] : queueStacks.flatMap((one) => alarmsByName(stack, one))),
    ],
    sections: [
      queueStacks.length > 1 ? elsewhere(queueStacks) : queueSection(queueStacks.flatMap(({ queues }) => queues)),
      ...consumerSections(consumers),
      ...ownSections(
        childrenOf(stack, NodeFunction),
        consumers.map(({ folder }) => folder),
      ),
      ...stack.sections,
      {
        title: 'Queues of Warren’s own',
        rows: rowsOf([stateful, stack].flatMap((one) => childrenOf(one, Queue))).map(queueRow),
      },
    ],
  });
}

/** Of one of several stacks of queues: `<app>-<stage>-queues-<n>`. */
export function addQueueDashboard(stack: QueuesStack): void {
  new StageDashboard(stack, 'Dashboard', {
    name: stack.stackName,
    alarms: childrenOf(stack, Alarm),
    sections: [queueSection(stack.queues)],
  });
}

function queueSection(queues: QueuesStack['queues']): DashboardSection {
  return { title: 'Queues', rows: queues.map(({ plan }) => queueRow(rowOfPlan(plan))) };
}

function elsewhere(queueStacks: readonly QueuesStack[]): DashboardSection {
  const names = queueStacks.map(({ stackName }) => `[${stackName}](#dashboards/dashboard/${stackName})`).join(', ');
  const count = queueStacks.reduce((sum, { queues }) => sum + queues.length, 0);
  const markdown = `${count} queues, each with its row and its alarms, are on the dashboards of their stacks: ${names}`;
  return { title: 'Queues', rows: [[new TextWidget({ markdown, width: 24, height: 2 })]] };
}

/** By their names, which those of the topology's queues have: each reference would be an output. */
function alarmsByName(stack: Stack, of: Stack): IAlarm[] {
  const scope = new Construct(stack, `AlarmsOf-${of.node.id}`);
  return of.node
    .findAll()
    .filter(CfnAlarm.isCfnAlarm)
    .flatMap(({ alarmName }) => (alarmName === undefined ? [] : Alarm.fromAlarmName(scope, alarmName, alarmName)));
}

function childrenOf<T extends IConstruct>(scope: IConstruct, kind: abstract new (...args: never[]) => T): T[] {
  return scope.node.findAll().filter((one): one is T => one instanceof kind);
}
