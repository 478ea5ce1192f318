import type { Problem } from '../definitions/finding.ts';
import type { Model } from '../lints/model.ts';
import { formatQueueAddress } from '../queue-address.ts';
import type { Queue } from '../topology.ts';
import { longestDelayMs } from './delay-limits.ts';
import type { Delay } from './delays.ts';

/** What is said of queues that are taken for delays. */
export function delayFindings(delays: readonly Delay[], { pathOf }: Model): Problem[] {
  return delays.flatMap(({ queue, doubts }): Problem[] => {
    const { name, messageTtl = 0, deadLetterExchange } = queue;
    const path = pathOf(queue, 'queues');
    const to = deadLetterExchange === '' ? 'the default exchange' : `'${deadLetterExchange}'`;
    const doubt = doubts.length === 0 ? '' : ` It may be no delay: ${doubts.join('; ')}.`;
    const known: Problem = {
      class: 'warning',
      code: 'delay-queue',
      path,
      message: `'${name}' has a TTL and a dead-letter exchange and no known consumer: it is a delay queue, no SQS queue is created for it; what is routed to it is sent to ${to} after ${messageTtl} ms.${doubt}`,
      fix: `${doubts.length === 0 ? 'none; if' : 'look for its consumers; if'} something consumes it, ${sayConsumed(queue)}.`,
    };
    if (messageTtl <= longestDelayMs) return [known];
    return [
      known,
      {
        class: 'blocking',
        code: 'delay-too-long',
        path,
        message: `a delay of ${messageTtl} ms is longer than ${longestDelayMs} ms (49 days): no message for '${name}' could be taken.`,
        fix: `if something consumes it, ${sayConsumed(queue)}: it is no delay then; else shorten the TTL.`,
      },
    ];
  });
}

function sayConsumed(queue: Queue): string {
  const address = formatQueueAddress(queue);
  return `say so: --consumed-in ${address} for warren; -c consumed=${address}, or consumedElsewhere in lib/consumers.ts, for synth and deploy`;
}
