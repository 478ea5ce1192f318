import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { type AwsCall, answer, type Reply, startAwsProxy } from '../support/aws-proxy.ts';

interface Fault {
  readonly what: string;
  /** Of the calls, spoilt by chance. Where most are, some calls fail as often as the clients and the sender try; slow ones stay few. */
  readonly share: number;
}

/** What goes wrong between a client and SQS. */
export const faults = {
  'reply lost': { share: 0.6, what: 'SQS stores the batch, the connection breaks before the answer' },
  'call lost': { share: 0.6, what: 'the connection breaks before SQS sees the batch' },
  'reply cut off': { share: 0.6, what: 'SQS stores the batch, half of the answer arrives' },
  'reply late': { share: 0.08, what: 'SQS stores the batch, the answer comes after the client’s patience' },
  throttled: { share: 0.3, what: 'SQS refuses the call: RequestThrottled' },
  'server error': { share: 0.6, what: 'the call is answered with 500 and not carried out' },
  'part failed by SQS': { share: 0.6, what: 'every second entry fails with SenderFault false' },
  'part refused': { share: 0.6, what: 'every second entry is refused with SenderFault true' },
} as const satisfies Record<string, Fault>;
export type FaultName = keyof typeof faults;

export interface FaultProxy {
  readonly url: string;
  /** Calls that a fault was injected into. */
  readonly injected: () => number;
  /** Calls of SendMessageBatch that arrived. */
  readonly sends: () => number;
  /** How often SQS has stored a message of that event id. */
  readonly storedTimes: (eventId: string) => number;
  readonly close: () => Promise<void>;
}

export interface FaultProxyOptions {
  /** The AWS behind it. */
  readonly target: string;
  readonly fault: FaultName;
  /** At least 0, below 1: decides which calls are spoilt. */
  readonly random: () => number;
}

const batchSchema = z.looseObject({
  Entries: z.array(
    z.looseObject({
      Id: z.string(),
      MessageAttributes: z.object({ amqp: z.looseObject({ StringValue: z.string() }) }),
    }),
  ),
});
type Entries = z.infer<typeof batchSchema>['Entries'];

const resultSchema = z.looseObject({
  Successful: z.array(z.looseObject({ Id: z.string() })).default([]),
  Failed: z.array(z.looseObject({ Id: z.string() })).default([]),
});

/** Longer than the clients of lambdas/shared/aws wait. */
const lateMs = 2_500;

/** Speaks AWS's JSON protocol between a client and the AWS behind it, and spoils the SendMessageBatch calls it is told to. */
export async function startFaultProxy({ target, fault, random }: FaultProxyOptions): Promise<FaultProxy> {
  const stored = new Map<string, number>();
  let sends = 0;
  let injected = 0;

  async function forward(incoming: AwsCall, body = incoming.body): Promise<Reply> {
    const reply = await incoming.forward(body);
    if (reply.status === 200) countStored(body, reply.body);
    return reply;
  }

  function countStored(sent: Buffer, answer: Buffer): void {
    const { Successful } = resultSchema.parse(JSON.parse(answer.toString()));
    for (const { MessageAttributes } of entriesOf(sent).filter(({ Id }) => Successful.some((one) => one.Id === Id))) {
      const id: string = JSON.parse(MessageAttributes.amqp.StringValue).properties.message_id;
      stored.set(id, (stored.get(id) ?? 0) + 1);
    }
  }

  async function forwardPart(incoming: AwsCall, SenderFault: boolean): Promise<Reply> {
    const entries = entriesOf(incoming.body);
    const [kept, refused] = [entries.filter((_, at) => at % 2 === 0), entries.filter((_, at) => at % 2 === 1)];
    const batch = { ...JSON.parse(incoming.body.toString()), Entries: kept };
    const { status, body: answer } = await forward(incoming, Buffer.from(JSON.stringify(batch)));
    const { Successful, Failed, ...rest } = resultSchema.parse(JSON.parse(answer.toString()));
    const Code = SenderFault ? 'InvalidMessageContents' : 'InternalError';
    const failed = [...Failed, ...refused.map(({ Id }) => ({ Id, SenderFault, Code, Message: 'injected' }))];
    return { status, body: Buffer.from(JSON.stringify({ ...rest, Successful, Failed: failed })) };
  }

  async function spoil(incoming: AwsCall, response: ServerResponse): Promise<void> {
    switch (fault) {
      case 'call lost':
        response.destroy();
        return;
      case 'reply lost':
        await forward(incoming);
        response.destroy();
        return;
      case 'reply cut off': {
        const reply = await forward(incoming);
        response.writeHead(reply.status, { 'content-length': reply.body.length });
        response.write(reply.body.subarray(0, reply.body.length / 2), () => response.destroy());
        return;
      }
      case 'reply late': {
        const reply = await forward(incoming);
        const timer = setTimeout(() => answer(response, reply), lateMs);
        response.on('close', () => clearTimeout(timer));
        return;
      }
      case 'throttled':
        return answer(response, errorReply(400, 'com.amazonaws.sqs#RequestThrottled'));
      case 'server error':
        return answer(response, errorReply(500, 'com.amazonaws.sqs#InternalFailure'));
      case 'part failed by SQS':
        return answer(response, await forwardPart(incoming, false));
      case 'part refused':
        return answer(response, await forwardPart(incoming, true));
    }
  }

  const proxy = await startAwsProxy(target, async (incoming, response) => {
    if (incoming.operation !== 'AmazonSQS.SendMessageBatch') return answer(response, await incoming.forward());
    sends++;
    if (random() >= faults[fault].share) return answer(response, await forward(incoming));
    injected++;
    await spoil(incoming, response);
  });
  return {
    url: proxy.url,
    injected: () => injected,
    sends: () => sends,
    storedTimes: (eventId) => stored.get(eventId) ?? 0,
    close: proxy.close,
  };
}

function entriesOf(body: Buffer): Entries {
  return batchSchema.parse(JSON.parse(body.toString())).Entries;
}

function errorReply(status: number, type: string): Reply {
  return { status, body: Buffer.from(JSON.stringify({ __type: type, message: 'injected' })) };
}
