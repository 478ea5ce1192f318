import type {
  BatchResultErrorEntry,
  SendMessageBatchCommand,
  SendMessageBatchCommandInput,
  SendMessageBatchRequestEntry,
  SendMessageBatchResultEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';

interface BatchAnswer {
  readonly Successful?: SendMessageBatchResultEntry[];
  readonly Failed?: BatchResultErrorEntry[];
}

export type Answer = (
  entries: readonly SendMessageBatchRequestEntry[],
  abortSignal: AbortSignal | undefined,
) => BatchAnswer | Promise<BatchAnswer>;

/** SQS as far as SendMessageBatch goes: answers call by call from the script, then stores everything. */
export class ScriptedSqs {
  readonly calls: SendMessageBatchCommandInput[] = [];
  private readonly script: Answer[];

  constructor(...script: Answer[]) {
    this.script = script;
  }

  async send(
    { input }: SendMessageBatchCommand,
    { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<BatchAnswer> {
    this.calls.push(input);
    const answer = this.script.shift() ?? storeAll;
    return answer(input.Entries ?? [], abortSignal);
  }

  /** The one method the sender uses. */
  asClient(): SQSClient {
    return this as unknown as SQSClient;
  }

  bodies(): (string | undefined)[][] {
    return this.calls.map(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody));
  }
}

const asStored = ({ Id, MessageBody }: SendMessageBatchRequestEntry): SendMessageBatchResultEntry => ({
  Id,
  MessageId: `sqs-${MessageBody}`,
  MD5OfMessageBody: '',
});

export const storeAll: Answer = (entries) => ({ Successful: entries.map(asStored) });

/** Stores all but the bodies named; those fail by an error of SQS, or of the sender. */
export function failing(bodies: readonly string[], senderFault = false): Answer {
  return (entries) => {
    const fails = ({ MessageBody }: SendMessageBatchRequestEntry) => bodies.includes(MessageBody ?? '');
    return {
      Successful: entries.filter((entry) => !fails(entry)).map(asStored),
      Failed: entries.filter(fails).map(({ Id }) => ({
        Id,
        SenderFault: senderFault,
        Code: senderFault ? 'InvalidMessageContents' : 'InternalError',
        Message: 'scripted',
      })),
    };
  };
}

/** Says nothing about the bodies named. */
export function silentAbout(...bodies: string[]): Answer {
  return (entries) => ({
    Successful: entries.filter(({ MessageBody }) => !bodies.includes(MessageBody ?? '')).map(asStored),
  });
}

export function throwing(error: unknown): Answer {
  return () => {
    throw error;
  };
}

/** The reply is lost: the call may have been carried out. */
export const noReply = throwing(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));

/** Takes the call and says nothing more, until it is aborted as the SDK's own handler is. */
export const hanging: Answer = (_, abortSignal) =>
  new Promise((_resolve, reject) => {
    const abort = () => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    if (abortSignal?.aborted) abort();
    abortSignal?.addEventListener('abort', abort);
  });
