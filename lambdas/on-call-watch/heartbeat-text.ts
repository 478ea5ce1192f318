import type { OnCallMessage } from '../shared/notices/notice-text.ts';

/** So that silence is not taken for health: who gets it every day misses it one day. */
export function heartbeatText(stage: string, unacknowledged: number): OnCallMessage {
  return {
    subject: `Warren ${stage}: on-call hears`,
    text: [
      `Warren ${stage}: notices of exceptions work. Kinds of failure that nobody has acknowledged: ${unacknowledged}.`,
      'This comes once a day. When it does not come, on-call is deaf: look at the function on-call-watch.',
    ].join('\n'),
  };
}
