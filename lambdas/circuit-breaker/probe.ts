import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiptHandleIsInvalid, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { CircuitRow } from '../shared/circuit/circuits.ts';
import type { ProbeEvent, ProbeResult } from '../shared/consumer/circuit.ts';
import { createSqsSource, type Source } from '../shared/consumer/sqs-source.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';

/** `empty`: there was no message to try. */
export type Probed = ProbeResult | 'empty';

/** Hands one message of the queue to its consumer, as Lambda would. */
export type Probe = (row: CircuitRow) => Promise<Probed>;

const answerSchema = z.object({
  batchItemFailures: z.array(z.unknown()),
  probe: z.enum(['handled', 'unavailable', 'untried']).default('untried'),
});

export interface ProbeDeps {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  readonly queueUrlBase: string;
  readonly log: Log;
}

/**
 * While its mapping is disabled nobody else takes the queue's messages. A death between the consumer's work and the delete hands the message out
 * once more: its event id makes that a repeat.
 */
export function createProbe({ sqs, lambda, queueUrlBase, log }: ProbeDeps): Probe {
  return async ({ source, function_name }) => {
    const QueueUrl = queueUrlBase + source.slice(source.lastIndexOf(':') + 1);
    const messages = createSqsSource(sqs, QueueUrl, log);
    const [record] = await messages.receive(undefined, 1);
    if (!record) return 'empty';
    const event: ProbeEvent = { Records: [{ ...record, eventSourceARN: source }], probe: true };
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: function_name, Payload: JSON.stringify(event) }),
    );
    // It hung until its time was over, or crashed. The message comes back by itself.
    if (FunctionError !== undefined) return 'unavailable';
    const answer = answerSchema.parse(JSON.parse(Buffer.from(Payload ?? []).toString()));
    if (answer.batchItemFailures.length === 0) await remove(record, messages);
    return answer.probe;
  };
}

async function remove(record: SQSRecord, messages: Source): Promise<void> {
  try {
    await messages.remove(record);
  } catch (error) {
    // The consumer has removed it by itself, as it does with one that was received often.
    if (!(error instanceof ReceiptHandleIsInvalid)) throw error;
  }
}
