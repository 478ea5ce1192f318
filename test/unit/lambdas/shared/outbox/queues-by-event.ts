import type { Sendable } from '../../../../../lambdas/shared/broker/batches.ts';
import type { QueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import { decoded, stored } from '../broker/broker-on-fakes.ts';

/** Queues that answer by event id: as they are told for `<queue> <event id>`, else stored. What is unknown is stored, too. */
export class QueuesByEvent implements QueueSender {
  /** `queue event id`, as they came. */
  readonly copies: string[] = [];
  readonly sends: string[] = [];
  private readonly answer: (copy: string) => SendOutcome | undefined;

  constructor(answers: Readonly<Record<string, SendOutcome>> | ((copy: string) => SendOutcome | undefined) = {}) {
    this.answer = typeof answers === 'function' ? answers : (copy) => answers[copy];
  }

  async send(url: string, messages: readonly Sendable[]): Promise<SendOutcome[]> {
    const queue = url.replace('/|', '');
    const encoded = await Promise.all(messages.map(({ encode }) => encode()));
    const names = encoded.map((one) => `${queue} ${decoded(one)?.properties.message_id}`);
    this.sends.push(names.join(', '));
    return names.map((copy) => {
      const outcome = this.answer(copy) ?? stored;
      if (outcome.outcome !== 'refused') this.copies.push(copy);
      return outcome;
    });
  }
}
