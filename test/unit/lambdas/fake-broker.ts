import type { Broker, Resumer } from '../../../lambdas/shared/broker/broker.ts';
import type { Published } from '../../../lambdas/shared/broker/dispatch.ts';
import type { Waiting } from '../../../lambdas/shared/broker/waiting.ts';
import type { Message } from '../../../rabbitmq/message.ts';

type Answer = Published | Error;

/** Answers from a script, its last line for ever; remembers what it was given. */
export class FakeBroker implements Broker, Resumer {
  readonly published: Message[] = [];
  readonly republished: Message[] = [];
  /** By when it had to have republished. */
  readonly deadlines: (AbortSignal | undefined)[] = [];
  readonly resumed: Waiting[] = [];
  private readonly script: Answer[];

  constructor(...script: Answer[]) {
    this.script = script;
  }

  async publish(messages: readonly Message[]): Promise<Published[]> {
    this.published.push(...messages);
    return messages.map(() => this.next());
  }

  async republish(message: Message, deadline?: AbortSignal): Promise<Published> {
    this.republished.push(message);
    this.deadlines.push(deadline);
    return this.next();
  }

  async resume(waiting: Waiting): Promise<Published> {
    this.resumed.push(waiting);
    return this.next();
  }

  private next(): Published {
    const [answer, ...later] = this.script;
    if (answer === undefined) throw new Error('Not implemented');
    if (later.length > 0) this.script.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

export const stored = (...queues: string[]): Published => ({
  confirm: 'ack',
  queues: queues.map((queue) => ({ queue, outcome: 'stored', sqsMessageId: `sqs-${queue}` })),
});

export const unroutable: Published = { confirm: 'ack', queues: [] };

export const refusedBy = (queue: string): Published => ({
  confirm: 'nack',
  queues: [{ queue, outcome: 'refused', reason: 'too large' }],
});

export const unknownIn = (queue: string): Published => ({
  confirm: 'unknown',
  queues: [{ queue, outcome: 'unknown', reason: 'timeout' }],
});
