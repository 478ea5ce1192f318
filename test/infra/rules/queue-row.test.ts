import { Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { queueRow, rowsOf } from '../../../lib/constructs/queue-rows.ts';
import { StageDashboard } from '../../../lib/constructs/stage-dashboard.ts';
import { enforceRules, violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { wellFormedApp } from './well-formed-app.ts';

const refused = (app: ReturnType<typeof wellFormedApp>['app']) =>
  violationsIn(app).filter(({ rule }) => rule === 'Warren-QueueRow');

function show(stack: Stack, ...queues: Queue[]): void {
  new StageDashboard(stack, 'Shown', {
    name: 'shown',
    alarms: [],
    sections: [{ title: 'Queues', rows: rowsOf(queues).map(queueRow) }],
  });
}

describe('a queue', () => {
  it('passes with a row of its own, or as the dead-letter queue of one that has a row', () => {
    expect(violationsIn(wellFormedApp().app)).toEqual([]);
  });

  it('is refused without a row: what, where, and what to do', () => {
    const { app, stateless } = wellFormedApp();
    new Queue(stateless, 'Forgotten');

    expect(refused(app)).toEqual([
      {
        rule: 'Warren-QueueRow',
        path: 'Stateless/Forgotten/Resource',
        problem: expect.stringMatching(/no dashboard shows .*there are 1: Stateful\/OrdersDashboard/),
        fix: expect.stringContaining('lib/constructs/queue-rows.ts'),
      },
    ]);
  });

  it('makes synth fail without a row, also an L1 one in a stack of its own', () => {
    const { app } = wellFormedApp();
    new CfnQueue(new Stack(app, 'Elsewhere'), 'Bare', { queueName: 'bare' });
    enforceRules(app);

    expect(() => app.synth()).toThrow(/Warren-QueueRow at Elsewhere\/Bare: no dashboard shows/);
  });

  it('is found by a dashboard of another stack, by reference and by name, before and after synth', () => {
    const { app, stateless } = wellFormedApp();
    const elsewhere = new Stack(app, 'Elsewhere');
    show(stateless, new Queue(elsewhere, 'Referred'), new Queue(elsewhere, 'Named', { queueName: 'by-name' }));

    expect(refused(app)).toEqual([]);
    app.synth();
    expect(refused(app)).toEqual([]);
  });

  it('is not shown by a dashboard that has another metric of it only', () => {
    const { app, stateless } = wellFormedApp();
    new CfnQueue(stateless, 'Named', { queueName: 'by-name' });
    const metrics = [['AWS/SQS', 'NumberOfMessagesSent', 'QueueName', 'by-name']];
    new CfnDashboard(stateless, 'Other', {
      dashboardBody: JSON.stringify({ widgets: [{ type: 'metric', properties: { metrics } }] }),
    });

    expect(refused(app)).toMatchObject([{ path: 'Stateless/Named' }]);
  });

  it('is refused, and the value named, when the dashboard’s body cannot be read', () => {
    const { app, stateless } = wellFormedApp();
    new CfnDashboard(stateless, 'Broken', { dashboardBody: 'no JSON' });

    expect(refused(app)[0]).toMatchObject({ problem: expect.stringContaining('"no JSON"') });
  });
});
