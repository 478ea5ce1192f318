import { QueueDoesNotExist, SQSServiceException } from '@aws-sdk/client-sqs';
import type { SqsMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import { createSqsQueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import { type Answer, failing, noReply, ScriptedSqs, silentAbout, storeAll, throwing } from './scripted-sqs.ts';

const url = 'https://sqs.us-east-1.amazonaws.com/000000000000/q';
const plain = (MessageBody: string) => ({ MessageBody, MessageAttributes: {} });

/** Sends one message a body against the script; at most three tries each. */
async function send(bodies: readonly string[], ...script: Answer[]) {
  return sendAll(bodies.map(plain), ...script);
}

async function sendAll(messages: readonly (SqsMessage & { readonly group?: string })[], ...script: Answer[]) {
  const sqs = new ScriptedSqs(...script);
  const pauses: number[] = [];
  const sleep = async (milliseconds: number) => pauses.push(milliseconds);
  const sender = createSqsQueueSender({ sqs: sqs.asClient(), maxAttempts: 3, sleep, random: () => 0.5 });
  const outcomes = await sender.send(
    url,
    messages.map(({ group, ...one }) => ({ group, encode: async () => one })),
  );
  return { outcomes, bodies: sqs.bodies(), pauses };
}

const kinds = (outcomes: readonly SendOutcome[]) => outcomes.map(({ outcome }) => outcome);
const storedAs = (body: string): SendOutcome => ({ outcome: 'stored', sqsMessageId: `sqs-${body}` });

describe('an entry that failed', () => {
  it('is sent again, alone, and the outcomes keep the order of the messages', async () => {
    const { outcomes, bodies, pauses } = await send(['a', 'b', 'c', 'd'], failing(['b', 'd']), failing(['d']));

    expect(bodies).toEqual([['a', 'b', 'c', 'd'], ['b', 'd'], ['d']]);
    expect(outcomes).toEqual(['a', 'b', 'c', 'd'].map(storedAs));
    expect(pauses).toEqual([100, 200]);
  });

  it('is refused after the last try, without a pause behind it', async () => {
    const { outcomes, bodies, pauses } = await send(['a', 'b'], failing(['b']), failing(['b']), failing(['b']));

    expect(bodies).toEqual([['a', 'b'], ['b'], ['b']]);
    expect(outcomes).toEqual([storedAs('a'), { outcome: 'refused', reason: 'InternalError: scripted' }]);
    expect(pauses).toHaveLength(2);
  });

  it('by a fault of the sender is refused and not sent again', async () => {
    const { outcomes, bodies } = await send(['a', 'b'], failing(['a'], true));

    expect(bodies).toEqual([['a', 'b']]);
    expect(outcomes).toEqual([{ outcome: 'refused', reason: 'InvalidMessageContents: scripted' }, storedAs('b')]);
  });
});

describe('a call without a reply', () => {
  it('is made again, and what a later one stores is stored', async () => {
    const { outcomes, bodies } = await send(['a', 'b'], noReply);

    expect(bodies).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(kinds(outcomes)).toEqual(['stored', 'stored']);
  });

  it('leaves its entries unknown when no later one answers', async () => {
    const { outcomes, bodies } = await send(['a', 'b'], noReply, noReply, noReply);

    expect(bodies).toHaveLength(3);
    expect(kinds(outcomes)).toEqual(['unknown', 'unknown']);
  });

  it('leaves its entries unknown whatever failure comes after it: they may be stored', async () => {
    const byEntry = await send(['a'], noReply, failing(['a'], true));
    const byCall = await send(['a'], noReply, throwing(noSuchQueue));
    const atLast = await send(['a'], failing(['a']), noReply, failing(['a']));

    expect([...byEntry.outcomes, ...byCall.outcomes, ...atLast.outcomes].map(({ outcome }) => outcome)).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect([byEntry, byCall, atLast].map(({ bodies }) => bodies.length)).toEqual([2, 2, 3]);
  });

  it('by an error of the service is one too', async () => {
    const unavailable = new SQSServiceException({ name: 'ServiceUnavailable', $fault: 'server', $metadata: {} });
    const { outcomes, bodies } = await send(['a'], ...[1, 2, 3].map(() => throwing(unavailable)));

    expect(bodies).toHaveLength(3);
    expect(kinds(outcomes)).toEqual(['unknown']);
  });

  it('about one entry leaves that entry unknown', async () => {
    const silent = silentAbout('b');
    const { outcomes, bodies } = await send(['a', 'b'], silent, silent, silent);

    expect(bodies.slice(0, 2)).toEqual([['a', 'b'], ['b']]);
    expect(kinds(outcomes)).toEqual(['stored', 'unknown']);
  });

  it('about one entry is followed by a call for that entry alone', async () => {
    const { outcomes, bodies } = await send(['a', 'b'], silentAbout('b'));

    expect(bodies).toEqual([['a', 'b'], ['b']]);
    expect(kinds(outcomes)).toEqual(['stored', 'stored']);
  });

  it('about one entry, after a call that said it failed, leaves it unknown and is asked again', async () => {
    const { outcomes, bodies } = await send(['a'], failing(['a']), silentAbout('a'), silentAbout('a'));

    expect(kinds(outcomes)).toEqual(['unknown']);
    expect(bodies).toHaveLength(3);
  });

  it('that the SDK repeated by itself leaves its entries unknown, too', async () => {
    const afterRetry = new QueueDoesNotExist({ message: 'no such queue', $metadata: { attempts: 2 } });
    const { outcomes } = await send(['a'], throwing(afterRetry));

    expect(kinds(outcomes)).toEqual(['unknown']);
  });
});

const noSuchQueue = new QueueDoesNotExist({ message: 'no such queue', $metadata: { attempts: 1 } });

describe('a call that SQS refuses', () => {
  it('refuses its entries and is not made again', async () => {
    const { outcomes, bodies } = await send(['a', 'b'], throwing(noSuchQueue));

    expect(bodies).toEqual([['a', 'b']]);
    expect(outcomes).toEqual([
      { outcome: 'refused', reason: 'QueueDoesNotExist: no such queue' },
      { outcome: 'refused', reason: 'QueueDoesNotExist: no such queue' },
    ]);
  });

  it('does not keep the next batch from being sent', async () => {
    const bodies = Array.from({ length: 11 }, (_, at) => String(at));
    const { outcomes } = await send(bodies, throwing(noSuchQueue));

    expect(kinds(outcomes)).toEqual([...Array(10).fill('refused'), 'stored']);
  });
});

describe('messages for a FIFO queue', () => {
  const inOrder = (...bodies: string[]) =>
    bodies.map((body) => ({ ...plain(body), group: 'one', MessageGroupId: 'one' }));

  it('are sent one by one, so that none can overtake another', async () => {
    const { outcomes, bodies } = await sendAll(inOrder('a', 'b', 'c'), storeAll, failing(['b']));

    expect(bodies).toEqual([['a'], ['b'], ['b'], ['c']]);
    expect(outcomes).toEqual(['a', 'b', 'c'].map(storedAs));
  });

  it('are sent no further than the first that cannot be encoded', async () => {
    const sqs = new ScriptedSqs();
    const sender = createSqsQueueSender({
      sqs: sqs.asClient(),
      maxAttempts: 1,
      sleep: async () => {},
      random: () => 0,
    });
    const encode = async () => plain('a');
    const fails = async () => {
      throw new Error('no body');
    };

    const outcomes = await sender.send(
      url,
      [encode, fails, encode].map((one) => ({ group: 'one', encode: one })),
    );

    expect(kinds(outcomes)).toEqual(['stored', 'refused', 'refused']);
    expect(sqs.calls).toHaveLength(1);
  });

  it('are sent no further than the first that is not stored', async () => {
    const { outcomes, bodies } = await sendAll(inOrder('a', 'b', 'c', 'd'), storeAll, failing(['b'], true));

    expect(bodies).toEqual([['a'], ['b']]);
    expect(kinds(outcomes)).toEqual(['stored', 'refused', 'refused', 'refused']);
  });

  it('of different groups travel together, the first of each before the second of any', async () => {
    const messages = ['a1', 'b1', 'a2', 'a3', 'b2'].map((body) => ({ ...plain(body), group: body.charAt(0) }));

    const { outcomes, bodies } = await sendAll(messages, storeAll);

    expect(bodies).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
    expect(outcomes).toEqual(['a1', 'b1', 'a2', 'a3', 'b2'].map(storedAs));
  });

  it('stop for their own group alone when one is not stored', async () => {
    const messages = ['a1', 'b1', 'a2', 'b2', 'a3'].map((body) => ({ ...plain(body), group: body.charAt(0) }));

    const { outcomes, bodies } = await sendAll(messages, failing(['a1'], true), storeAll);

    expect(bodies).toEqual([['a1', 'b1'], ['b2']]);
    expect(kinds(outcomes)).toEqual(['refused', 'stored', 'refused', 'stored', 'refused']);
  });
});
