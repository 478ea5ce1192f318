import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { NamedQueue } from '../../../rabbitmq/plan/queue-name.ts';
import type { Meter } from '../telemetry/telemetry.ts';

/**
 * How full queues are. An implementation MUST count what is ready to be delivered and nothing else, neither in flight nor delayed, as
 * RabbitMQ's length limits do (docs/maxlength). It MUST NOT throw: what it cannot know is `undefined`, and counted somewhere.
 */
export interface Depths {
  ready(queue: NamedQueue): Promise<number | undefined>;
}

export interface SqsDepthsDeps {
  readonly sqs: SQSClient;
  readonly queueUrl: (queue: NamedQueue) => string;
  readonly meter: Meter;
}

/** SQS's own count, which may lag behind sends by up to a minute (SQS API reference, GetQueueAttributes). */
export function createSqsDepths({ sqs, queueUrl, meter }: SqsDepthsDeps): Depths {
  return {
    async ready(queue) {
      const ready = await tryRead(queueUrl(queue));
      if (ready === undefined) meter.count('QueueDepthUnknown', { queue: queue.name });
      return ready;
    },
  };

  async function tryRead(QueueUrl: string): Promise<number | undefined> {
    const attribute = 'ApproximateNumberOfMessages';
    try {
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [attribute] }));
      const ready = Number(Attributes?.[attribute]);
      return Number.isNaN(ready) ? undefined : ready;
    } catch {
      return undefined;
    }
  }
}
