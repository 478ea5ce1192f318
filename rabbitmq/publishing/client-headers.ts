import { type Dialect, dialectRules } from '../dialect.ts';
import type { Headers } from '../message.ts';

const deathHeader = /^x-(death$|first-death-|last-death-)/;

/**
 * A client's headers as queues get them: BCC is taken out, CC stays (rule 4.5.32). Deaths a client writes itself continue in
 * dialect 3.13, and count for nothing since 4.0 (rule 4.6.12); there they are taken out, so that no retry counter goes by them.
 */
export function headersForQueues(headers: Headers, dialect: Dialect): Headers {
  const { clientDeathsContinue } = dialectRules[dialect];
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name !== 'BCC' && (clientDeathsContinue || !deathHeader.test(name))),
  );
}
