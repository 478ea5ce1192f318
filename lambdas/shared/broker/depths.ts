import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { NamedQueue } from '../../../rabbitmq/plan/queue-name.ts';
import type { Meter } from '../telemetry/telemetry.ts';

/**
 * How full queues are. An implementation MUST count what is ready to be delivered and nothing else, neither in flight nor delayed, as
 * RabbitMQ's length limits do (docs/maxlength). It MUST NOT throw: what it cannot know is `undefined`, and counted somewhere.
 */
export interface Depths {
  ready(queue: NamedQueue, deadline?: AbortSignal): Promise<number | undefined>;
}

export interface SqsDepthsDeps {
  readonly sqs: SQSClient;
  readonly queueUrl: (queue: NamedQueue) => string;
  readonly meter: Meter;
}

/** SQS's own count, which may lag behind sends by up to a minute (SQS API reference, GetQueueAttributes). */
export function createSqsDepths({ sqs, queueUrl, meter }: SqsDepthsDeps): Depths {
  return {
    async ready(queue, deadline) {
      const ready = await tryRead(queueUrl(queue), deadline);
      if (ready === undefined) meter.count('QueueDepthUnknown', { queue: queue.name });
      return ready;
    },
  };

  async function tryRead(QueueUrl: string, deadline: AbortSignal | undefined): Promise<number | undefined> {
    const attribute = 'ApproximateNumberOfMessages';
    try {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [attribute] });
      const { Attributes } = await sqs.send(command, { abortSignal: deadline });
      const ready = Number(Attributes?.[attribute]);
      return Number.isNaN(ready) ? undefined : ready;
    } catch {
      return undefined;
    }
  }
}
