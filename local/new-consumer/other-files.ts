import type { Names } from './names.ts';

/** What a consumer has outside its folder, as path and text. */
export function otherFiles(names: Names): Readonly<Record<string, string>> {
  const { folder } = names;
  return {
    [`lib/functions/${folder}.ts`]: connection(names),
    [`test/unit/lambdas/${folder}/${folder}-consumer.test.ts`]: test(names),
    [`events/${folder}/first.json`]: event(names),
  };
}

const connection = ({ folder, pascal }: Names): string => `
import type { Env } from '../../lambdas/${folder}/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects \`lambdas/${folder}\` to its queue; a table it writes comes as a second argument, the stateful stack's. */
export function connect${pascal}(stack: StatelessStack): void {
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {};
  stack.addConsumer('${folder}', environment);
}
`;

const test = ({ folder, pascal }: Names): string => `
import { create${pascal}Consumer, type ${pascal}Message } from '../../../../lambdas/${folder}/${folder}-consumer.ts';
import { testEvent } from '../../../support/test-event.ts';
import { loopAround } from '../shared/consumer/record-loop-on-fakes.ts';

/** events/${folder}/first.json, as SQS would hand it over. */
const first = testEvent('${folder}/first');

function loopWhere(apply: (message: ${pascal}Message) => Promise<void>) {
  return loopAround(create${pascal}Consumer({ apply }));
}

describe('a message of ${folder}', () => {
  it('has its effect once, however often it comes', async () => {
    const applied: string[] = [];
    const { run } = loopWhere(async ({ id }) => void applied.push(id));

    expect(await run(first, first)).toEqual([]);
    expect(await run(first)).toEqual([]);
    expect(applied).toEqual(['first']);
  });

  it('is kept when its effect fails, and has it the next time', async () => {
    const applied: string[] = [];
    let isDown = true;
    const { run } = loopWhere(async ({ id }) => {
      if (isDown) throw new Error('down');
      applied.push(id);
    });

    expect(await run(first)).toEqual([first.messageId]);
    isDown = false;
    expect(await run(first)).toEqual([]);
    expect(applied).toEqual(['first']);
  });

  it('that does not fit the schema is dead-lettered at once', async () => {
    const { run, outcomes } = loopWhere(async () => {});

    expect(await run({ ...first, body: '{}' })).toEqual([]);
    expect(outcomes()).toEqual(['rejected']);
  });
});
`;

/** As those of the other functions: no receipt, an account that is nobody's. */
function event({ folder }: Names): string {
  const record = {
    messageId: '00000000-0000-4000-8000-000000000001',
    receiptHandle: 'a test event has no receipt',
    body: JSON.stringify({ id: 'first' }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1577836800000',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1577836800001',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:${folder}`,
    awsRegion: 'us-east-1',
  };
  return JSON.stringify({ Records: [record] }, null, 2);
}
