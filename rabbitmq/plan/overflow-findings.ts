import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';
import { hasLengthLimit, refusesOverflow } from '../publishing/overflow.ts';
import type { Queue } from '../topology.ts';

/** What becomes of a queue's length limit. */
export function overflowFindings(queue: Queue, path: Path): Problem[] {
  if (!hasLengthLimit(queue)) return [];
  if (!refusesOverflow(queue)) return [notEnforced(queue, path)];
  return [
    ...(queue.maxLength === undefined ? [] : [counted(queue, path)]),
    ...(queue.maxLengthBytes === undefined ? [] : [estimated(queue, path)]),
  ];
}

function notEnforced({ name, type, overflow = 'drop-head', delayQueue }: Queue, path: Path): Problem {
  const why = delayQueue
    ? 'it is a delay and no queue, so nobody can say how much waits in it'
    : `RabbitMQ would drop its oldest messages${overflow === 'drop-head' ? '' : ` (a ${type} queue has no ${overflow}, rule 4.11.4)`}, and SQS cannot`;
  return {
    class: 'warning',
    code: 'overflow-not-enforced',
    path,
    message: `the length limit of '${name}' is not enforced: ${why}. Nothing is dropped, and nothing is refused.`,
    fix: delayQueue
      ? 'none, or remove the limit.'
      : 'none if it may keep more; else use overflow reject-publish, which refuses publishers.',
  };
}

function counted({ name, maxLength }: Queue, path: Path): Problem {
  return {
    class: 'compatible',
    code: 'overflow-by-count',
    path,
    message: `'${name}' refuses publishers once ${maxLength} messages are ready in it, as SQS counts them about once a second: many publishers at once can pass the limit. Letters and delayed messages are always taken.`,
    fix: 'none.',
  };
}

function estimated({ name, maxLengthBytes }: Queue, path: Path): Problem {
  return {
    class: 'warning',
    code: 'overflow-bytes-estimated',
    path,
    message: `SQS counts no bytes: '${name}' refuses publishers by an estimate, its ready messages times the mean body a publisher has sent there, against ${maxLengthBytes} bytes.`,
    fix: 'none if bodies are of one size; else limit the number of messages (x-max-length).',
  };
}
