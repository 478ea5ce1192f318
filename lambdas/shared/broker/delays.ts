import { CreateScheduleCommand, type SchedulerClient, SchedulerServiceException } from '@aws-sdk/client-scheduler';
import pMap from 'p-map';
import { longestSqsDelayMs } from '../../../rabbitmq/plan/delay-limits.ts';
import { refusedForEver, whyNotEncoded } from './batches.ts';
import { encodeToFit, type Form, type Keep } from './claim-check.ts';
import { maxMessageBytes, type SqsMessage, sqsMessageBytes } from './envelope.ts';
import { failureReason } from './failure-reason.ts';
import type { QueueSender } from './queue-sender.ts';
import type { SendOutcome } from './report.ts';
import { encodeWaiting, type Waiting, waitName } from './waiting.ts';

/**
 * Keeps messages until their time. An implementation MUST answer one outcome per message, in order, MUST hand each one to `resume`
 * at least once and not before a minute of its time, and MUST NOT call refused what may be kept.
 */
export interface Delays {
  keep(waiting: readonly Waiting[], keepBody: Keep, deadline?: AbortSignal): Promise<SendOutcome[]>;
}

/** What is needed to keep messages: a queue that a function reads, and schedules that write to it. */
export interface SqsDelaysDeps {
  readonly scheduler: SchedulerClient;
  readonly sender: QueueSender;
  readonly delayedQueue: { readonly url: string; readonly arn: string };
  readonly schedules: { readonly group: string; readonly roleArn: string; readonly deadLetterArn: string };
  /** Tries of a schedule, the first included, on top of the SDK's own. */
  readonly maxAttempts: number;
  readonly now: () => Date;
  /** MUST end at the deadline. */
  readonly sleep: (milliseconds: number, deadline?: AbortSignal) => Promise<unknown>;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** A schedule fires within its minute (Scheduler user guide, schedule-types), so it is set a minute early, and SQS waits the rest. */
const schedulerGrainMs = 60_000;
/** Of a target's Input (EventBridge Scheduler quotas). */
const longestInputBytes = 256 * 1024;
const parallelSchedules = 16;

/** Up to 15 minutes in an SQS queue, longer as a one-time schedule of EventBridge Scheduler that writes to that queue. */
export function createSqsDelays(deps: SqsDelaysDeps): Delays {
  return {
    async keep(waiting, keepBody, deadline) {
      const now = deps.now().getTime();
      const isLong = ({ dueAt }: Waiting): boolean => dueAt - now > longestSqsDelayMs;
      const [short, outcomes] = [waiting.filter((one) => !isLong(one)), new Map<Waiting, SendOutcome>()];
      const sent = await deps.sender.send(
        deps.delayedQueue.url,
        short.map((one) => ({ encode: () => encodeToFit(one.message, inQueue(one, now), keepBody) })),
        deadline,
      );
      for (const [at, one] of short.entries()) outcomes.set(one, sent[at] ?? unanswered);
      await pMap(
        waiting.filter(isLong),
        async (one) => outcomes.set(one, await schedule(one, keepBody, deps, deadline)),
        {
          concurrency: parallelSchedules,
        },
      );
      return waiting.map((one) => outcomes.get(one) ?? unanswered);
    },
  };
}

const unanswered: SendOutcome = { outcome: 'unknown', reason: 'nothing was answered' };

function inQueue(waiting: Waiting, now: number): Form<SqsMessage> {
  return {
    encode: (message) => ({
      MessageBody: encodeWaiting({ ...waiting, message }),
      MessageAttributes: {},
      DelaySeconds: Math.max(0, Math.ceil((waiting.dueAt - now) / 1000)),
    }),
    bytesOf: sqsMessageBytes,
    mostBytes: maxMessageBytes,
  };
}

function inSchedule(waiting: Waiting): Form<string> {
  return {
    encode: (message) => encodeWaiting({ ...waiting, message }),
    bytesOf: (text) => Buffer.byteLength(text),
    mostBytes: longestInputBytes,
  };
}

async function schedule(
  waiting: Waiting,
  keepBody: Keep,
  deps: SqsDelaysDeps,
  deadline?: AbortSignal,
): Promise<SendOutcome> {
  let input: string;
  try {
    input = await encodeToFit(waiting.message, inSchedule(waiting), keepBody);
  } catch (error) {
    return whyNotEncoded(error);
  }
  return create(waiting, input, deps, deadline);
}

async function create(
  waiting: Waiting,
  Input: string,
  deps: SqsDelaysDeps,
  deadline?: AbortSignal,
): Promise<SendOutcome> {
  const { delayedQueue, schedules } = deps;
  const Name = waitName(waiting);
  const bytes = Buffer.byteLength(Input);
  if (bytes > longestInputBytes) {
    return refusedForEver(`${bytes} bytes with its envelope; a schedule takes ${longestInputBytes}`);
  }
  const command = new CreateScheduleCommand({
    Name,
    GroupName: schedules.group,
    ScheduleExpression: `at(${new Date(waiting.dueAt - schedulerGrainMs).toISOString().slice(0, 19)})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: delayedQueue.arn,
      RoleArn: schedules.roleArn,
      Input,
      DeadLetterConfig: { Arn: schedules.deadLetterArn },
    },
  });
  let known: SendOutcome = { outcome: 'refused', reason: 'not kept: the function’s time was up' };
  let mayBeStored = false;
  for (let attempt = 1; attempt <= deps.maxAttempts && !deadline?.aborted; attempt++) {
    const { outcome, isFinal } = await tryCreate(command, Name, deps.scheduler, deadline);
    mayBeStored ||= outcome.outcome === 'unknown';
    known = outcome.outcome === 'refused' && mayBeStored ? { ...outcome, outcome: 'unknown' } : outcome;
    if (isFinal) break;
    if (attempt < deps.maxAttempts) await deps.sleep(deps.random() * 100 * 2 ** attempt, deadline);
  }
  return known;
}

async function tryCreate(
  command: CreateScheduleCommand,
  name: string,
  scheduler: SchedulerClient,
  deadline: AbortSignal | undefined,
) {
  try {
    await scheduler.send(command, { abortSignal: deadline });
    return { outcome: { outcome: 'stored', schedule: name } as SendOutcome, isFinal: true };
  } catch (error) {
    // The name says which wait of which message it is: it waits already, from a publish that is repeated here.
    if (error instanceof SchedulerServiceException && error.name === 'ConflictException') {
      return { outcome: { outcome: 'stored', schedule: name } as SendOutcome, isFinal: true };
    }
    const reason = failureReason(error, deadline);
    const isClients = error instanceof SchedulerServiceException && error.$fault === 'client';
    const isThrottled = isClients && error.name === 'ThrottlingException';
    // An earlier try of the SDK's own may have created it, and its answer been lost.
    const isOnlyTry = isClients && (error.$metadata.attempts ?? 1) === 1;
    const outcome: SendOutcome = { outcome: isOnlyTry ? 'refused' : 'unknown', reason };
    return { outcome, isFinal: isClients && !isThrottled };
  }
}
