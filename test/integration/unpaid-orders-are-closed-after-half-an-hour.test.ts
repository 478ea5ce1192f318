import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { brokerEnvSchema } from '../../lambdas/shared/broker/env.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { eventsOf, isRelayed, observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import { testAccount } from '../support/deployment-file.ts';
import { givenOrder, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, sqs, outputs, endpoint } = deployment;
const scheduler = new SchedulerClient(clientConfig(endpoint, testAccount));
const minutes30 = 30 * 60_000;

/** The schedules that keep something about the order. By the first digits of their names: MiniStack lists a hundred, and has no next page. */
async function schedulesOf(out_trade_no: string, GroupName: string): Promise<GetScheduleCommandOutput[]> {
  const found: GetScheduleCommandOutput[] = [];
  for (const NamePrefix of Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))) {
    for await (const { Schedules = [] } of paginateListSchedules({ client: scheduler }, { GroupName, NamePrefix })) {
      const page = Schedules.map(({ Name }) => scheduler.send(new GetScheduleCommand({ Name, GroupName })));
      found.push(...(await Promise.all(page)).filter(({ Target }) => Target?.Input?.includes(out_trade_no)));
    }
  }
  return found;
}

async function relayEnvironment() {
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: outputs.OutboxRelayFunction }),
  );
  return brokerEnvSchema.parse(Environment?.Variables);
}

describe('an order that nobody pays', () => {
  it('asks EventBridge Scheduler for half an hour, and is closed when that is over', async () => {
    const { DELAYED_QUEUE_ARN, DELAYED_QUEUE_URL, SCHEDULE_GROUP } = await relayEnvironment();
    const made = Date.now();
    const { out_trade_no } = await givenOrder(deployment);
    await eventually(() => observeOrder(deployment, out_trade_no), isRelayed, 20_000);

    const schedules = await schedulesOf(out_trade_no, SCHEDULE_GROUP);

    expect(schedules).toMatchObject([{ ActionAfterCompletion: 'DELETE', Target: { Arn: DELAYED_QUEUE_ARN } }]);
    const [{ ScheduleExpression = '', Target } = {}] = schedules;
    const fires = Date.parse(`${/^at\((.*)\)$/.exec(ScheduleExpression)?.[1]}Z`);
    // A minute early: SQS waits the rest. Plus the seconds that the relay takes.
    expect(Math.abs(fires - (made + minutes30 - 60_000))).toBeLessThan(20_000);
    const waiting = JSON.parse(Target?.Input ?? '{}');
    expect(waiting).toMatchObject({ delay: minutes30, next: { step: 'dead-letter' } });

    // What it will send then, now: as if its time were over.
    const MessageBody = JSON.stringify({ ...waiting, due_at: Date.now() });
    await sqs.send(new SendMessageCommand({ QueueUrl: DELAYED_QUEUE_URL, MessageBody }));

    const seen = await eventually(
      () => observeOrder(deployment, out_trade_no),
      ({ state }) => state === 'CLOSED',
      20_000,
    );
    expect(seen.state).toBe('CLOSED');
    expect(eventsOf(seen)).toEqual(['order.created', 'order.closed']);
  });
});
