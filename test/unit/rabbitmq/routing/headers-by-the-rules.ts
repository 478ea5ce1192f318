import { routingTerm } from '../../../../rabbitmq/amqp-value.ts';
import type { Headers } from '../../../../rabbitmq/message.ts';

/** Rules 4.2.1 to 4.2.7, one binding at a time; when two values are equal is the broker's answer, in amqp-value.test.ts. */
export function headersMatchByTheRules(argument: Headers, sent: Headers): boolean {
  const mode = String(argument['x-match'] ?? 'all');
  const usable = Object.entries(argument).filter(
    ([name]) => name !== 'x-match' && (mode.endsWith('-with-x') || !name.startsWith('x-')),
  );
  const met = usable.filter(([name, value]) => {
    const header = sent[name];
    if (header === undefined) return false;
    return value === null || routingTerm(value, 'argument') === routingTerm(header, 'header');
  });
  return mode.startsWith('any') ? met.length > 0 : met.length === usable.length;
}
