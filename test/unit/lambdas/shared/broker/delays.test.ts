import {
  ConflictException,
  SchedulerClient,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import type { Claimed } from '../../../../../lambdas/shared/broker/claim.ts';
import { type Claims, keepingOnce } from '../../../../../lambdas/shared/broker/claim-check.ts';
import { createSqsDelays } from '../../../../../lambdas/shared/broker/delays.ts';
import { decodeWaiting, encodeWaiting, type Waiting, waitName } from '../../../../../lambdas/shared/broker/waiting.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { whole } from '../../../../support/whole-message.ts';
import { errorOf, message } from '../../builders.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { FakeSender } from './broker-on-fakes.ts';

const now = Date.parse('2026-11-23T02:00:10.250Z');
const minute = 60_000;
const waiting = (delayMs: number, changes: Partial<Waiting> = {}): Waiting => ({
  message: message(),
  dueAt: now + delayMs,
  delayMs,
  next: { step: 'route' },
  ...changes,
});

/** Answers from a script, its last line for ever; remembers the inputs it was called with. */
class ScriptedScheduler {
  readonly inputs: Record<string, unknown>[] = [];
  private readonly script: (Error | undefined)[];

  constructor(...script: (Error | undefined)[]) {
    this.script = script;
  }

  get client(): SchedulerClient {
    const client = new SchedulerClient({ region: 'eu-west-1' });
    return Object.assign(client, {
      send: async ({ input }: { input: Record<string, unknown> }) => {
        this.inputs.push(input);
        const answer = this.script.length > 1 ? this.script.shift() : this.script[0];
        if (answer) throw answer;
        return {};
      },
    });
  }
}

function delaysOn(scheduler: ScriptedScheduler, sender = new FakeSender(), claims: Pick<Claims, 'keep'> = noClaims) {
  const delays = createSqsDelays({
    scheduler: scheduler.client,
    sender,
    delayedQueue: { url: 'delayed', arn: 'arn:delayed' },
    schedules: { group: 'group', roleArn: 'arn:role', deadLetterArn: 'arn:dead' },
    maxAttempts: 3,
    now: () => new Date(now),
    sleep: async () => {},
    random: () => 0,
  });
  return { keep: (waiting: readonly Waiting[]) => delays.keep(waiting, keepingOnce(claims)) };
}

const fault = { $metadata: {}, message: 'injected', Message: 'injected' };
/** The SDK has asked twice, and lost the first answer. */
const repeated = (Refusal: typeof ValidationException) => new Refusal({ ...fault, $metadata: { attempts: 2 } });

describe('a message that waits', () => {
  it('for up to 15 minutes does so in the delayed queue, rounded up to a second', async () => {
    const sender = new FakeSender();
    const scheduler = new ScriptedScheduler();

    await delaysOn(scheduler, sender).keep([waiting(15 * minute), waiting(1_001)]);

    expect(sender.sent.map(([url, sent]) => [url, sent.map(({ DelaySeconds }) => DelaySeconds)])).toEqual([
      ['delayed', [900, 2]],
    ]);
    expect(scheduler.inputs).toEqual([]);
  });

  it('for longer does so as a schedule that writes to that queue a minute early, and deletes itself', async () => {
    const scheduler = new ScriptedScheduler();
    const late = waiting(45 * minute);

    const [outcome] = await delaysOn(scheduler).keep([late]);

    expect(outcome).toEqual({ outcome: 'stored', schedule: waitName(late) });
    expect(scheduler.inputs).toEqual([
      {
        Name: waitName(late),
        GroupName: 'group',
        ScheduleExpression: 'at(2026-11-23T02:44:10)',
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: 'arn:delayed',
          RoleArn: 'arn:role',
          Input: encodeWaiting(late),
          DeadLetterConfig: { Arn: 'arn:dead' },
        },
      },
    ]);
  });

  it('is answered in the order it was given, whatever keeps it', async () => {
    const kept = await delaysOn(new ScriptedScheduler()).keep([waiting(minute), waiting(45 * minute), waiting(0)]);

    expect(kept.map((one) => Object.keys(one).at(-1))).toEqual(['sqsMessageId', 'schedule', 'sqsMessageId']);
  });

  it('and is scheduled already is stored: a repeated publish does not wait twice', async () => {
    const conflict = new ConflictException(fault);

    expect(await delaysOn(new ScriptedScheduler(conflict)).keep([waiting(45 * minute)])).toMatchObject([
      { outcome: 'stored' },
    ]);
  });

  it.each([
    ['refused at once', [new ValidationException(fault)], 'refused', 1],
    ['refused when it stays throttled', [new ThrottlingException(fault)], 'refused', 3],
    ['stored when a throttle passes', [new ThrottlingException(fault), undefined], 'stored', 2],
    ['unknown when the SDK was refused at its second try', [repeated(ValidationException)], 'unknown', 1],
    ['unknown when nobody answers', [new Error('reset')], 'unknown', 3],
    ['unknown when it is refused after no answer', [new Error('reset'), new ValidationException(fault)], 'unknown', 2],
    ['stored when no answer came at first', [new Error('reset'), new ConflictException(fault)], 'stored', 2],
  ])('is %s', async (_, script, outcome, calls) => {
    const scheduler = new ScriptedScheduler(...script);

    expect(await delaysOn(scheduler).keep([waiting(45 * minute)])).toMatchObject([{ outcome }]);
    expect(scheduler.inputs).toHaveLength(calls);
  });

  it('leaves its body elsewhere when a schedule cannot hold it: over 262,144 bytes, envelope included', async () => {
    const scheduler = new ScriptedScheduler();
    const claims = new MemoryClaims();
    const rest = Buffer.byteLength(encodeWaiting(waiting(45 * minute, { message: message({ payload: 'x' }) }))) - 1;
    const ofBytes = (bytes: number) =>
      waiting(45 * minute, { message: message({ payload: 'x'.repeat(bytes - rest) }) });

    const kept = await delaysOn(scheduler, new FakeSender(), claims).keep([ofBytes(262_144), ofBytes(262_145)]);

    expect(kept).toMatchObject([{ outcome: 'stored' }, { outcome: 'stored' }]);
    const inputs = scheduler.inputs.map(({ Target }) => (Target as { Input: string }).Input);
    expect(inputs.map((input) => Buffer.byteLength(input) === 262_144)).toEqual([true, false]);
    expect(claims.puts).toHaveLength(1);
    expect(decodeWaiting(inputs[1] ?? '', 'sqs-1').message).toMatchObject({ claim: { key: claims.puts[0] } });
  });

  it('leaves its body elsewhere when SQS cannot hold it: over 1 MiB with what it waits for', async () => {
    const claims = new MemoryClaims();
    const sender = new FakeSender();
    const large = waiting(minute, { message: message({ payload: 'x'.repeat(1_048_576) }) });

    expect(await delaysOn(new ScriptedScheduler(), sender, claims).keep([large])).toMatchObject([
      { outcome: 'stored' },
    ]);

    const [[, [sent]] = ['', []]] = sender.sent;
    expect(decodeWaiting(sent?.MessageBody ?? '', 'sqs-1').message).toMatchObject({ claim: { bytes: 1_048_576 } });
  });

  it('is refused when its body cannot be stored, and when its headers alone are too large', async () => {
    const scheduler = new ScriptedScheduler();
    const large = message({ payload: 'x'.repeat(262_144) });
    const headers = message({ headers: { note: 'x'.repeat(262_144) } });
    const both = [large, headers].map((one) => waiting(45 * minute, { message: one }));
    const broken = new MemoryClaims(new Error('SlowDown'));

    expect(await delaysOn(scheduler, new FakeSender(), broken).keep([both[0] as Waiting])).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('SlowDown') },
    ]);
    expect(await delaysOn(scheduler, new FakeSender(), new MemoryClaims()).keep([both[1] as Waiting])).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('a schedule takes 262144') },
    ]);
    expect(scheduler.inputs).toEqual([]);
  });
});

describe('the name of a wait', () => {
  const one = waiting(45 * minute);
  const died = (count: number, time: number) =>
    waiting(45 * minute, { message: message({ headers: { 'x-death': [{ queue: 'wait', count, time }] } }) });

  it('is the same when the publish is repeated, later', () => {
    expect(waitName({ ...one, dueAt: one.dueAt + minute })).toBe(waitName(one));
    expect(waitName(died(1, 20))).toBe(waitName(died(1, 10)));
    const timed = message({ properties: { message_id: 'event-1', timestamp: 5 } });
    expect(waitName({ ...one, message: timed })).toBe(waitName(one));
  });

  it.each([
    ['another message', { message: message({ properties: { message_id: 'event-2' } }) }],
    ['other content', { message: message({ payload: 'other' }) }],
    ['another property', { message: message({ properties: { message_id: 'event-1', type: 'cancelled' } }) }],
    ['bytes instead of text', { message: message({ payloadEncoding: 'base64' }) }],
    ['another hidden key', { message: message({ bcc: ['hidden'] }) }],
    ['another queue', { next: { step: 'store', queue: 'orders' } as const }],
    ['another delay', { delayMs: 46 * minute }],
  ])('is another for %s', (_, changes) => {
    expect(waitName({ ...one, ...changes })).not.toBe(waitName(one));
  });

  it('is another for each round through a delay queue', () => {
    expect(waitName(died(2, 10))).not.toBe(waitName(died(1, 10)));
  });

  it('is one that EventBridge Scheduler takes', () => {
    expect(waitName(one)).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });
});

describe('what is kept', () => {
  it.each([
    ['text', message({ payload: '“你好” \u{1f600}\n' })],
    ['bytes', message({ payload: 'AP8=', payloadEncoding: 'base64' })],
    ['nothing', message({ payload: '' })],
    ['what SQS refuses', message({ payload: '\uffff\u0000' })],
    ['keys, headers and deaths', message({ bcc: ['b'], headers: { 'x-death': [{ queue: 'wait', count: 2 }] } })],
  ])('is read as it was: %s', (_, kept) => {
    const wait = waiting(minute, { message: kept, next: { step: 'dead-letter' } });
    const read = decodeWaiting(encodeWaiting(wait), 'sqs-1');

    expect({ ...read, message: bytesOf(read.message) }).toEqual({ ...wait, message: bytesOf(kept) });
  });

  it.each([
    ['no JSON', '{"version":1', 'it is not JSON'],
    ['a body that somebody sent by hand', '{"n":1}', 'version'],
    ['another version', JSON.stringify({ ...JSON.parse(encodeWaiting(waiting(1))), version: 2 }), 'version'],
  ])('is refused when it is %s, without its content', (_, text, reason) => {
    const error = errorOf(() => decodeWaiting(text, 'sqs-1'));

    expect(error).toMatchObject({ name: 'UnreadableWaitError', message: expect.stringContaining(reason) });
    expect(String(error)).toContain('sqs-1');
  });
});

function bytesOf(one: Message | Claimed) {
  const { payload, payloadEncoding, ...rest } = whole(one);
  return { ...rest, bytes: Buffer.from(payload, payloadEncoding === 'base64' ? 'base64' : 'utf8') };
}
