/** What becomes of each message of a channel in confirm mode, by its delivery tag; `unknown` is settled neither way. */
export type Confirm = 'ack' | 'nack' | 'unknown';

export interface Settled {
  readonly method: 'basic.ack' | 'basic.nack';
  readonly delivery_tag: number;
  /** It settles every earlier tag too that is not settled yet. */
  readonly multiple: boolean;
}

/**
 * Confirms joined as RabbitMQ joins those that come at the same time (rule 4.5.24): the tags in front of the first that is not
 * settled, or settled the other way, go out as one `multiple=true`; the rest one by one. Acks go first.
 */
export function joinConfirms(confirms: readonly (readonly [tag: number, confirm: Confirm])[]): Settled[] {
  const tagsOf = (wanted: Confirm): number[] => confirms.flatMap(([tag, confirm]) => (confirm === wanted ? [tag] : []));
  const acked = tagsOf('ack');
  const nacked = tagsOf('nack');
  const unknown = tagsOf('unknown');
  return [
    ...joined('basic.ack', acked, [...unknown, ...nacked]),
    // The acks are out already: only what is unsettled, or was acked, ends a run of nacks.
    ...joined('basic.nack', nacked, [...unknown, ...acked]),
  ];
}

function joined(method: Settled['method'], tags: readonly number[], others: readonly number[]): Settled[] {
  if (tags.length < 2) return tags.map((tag) => ({ method, delivery_tag: tag, multiple: false }));
  const cutoff = Math.min(...others);
  const run = tags.filter((tag) => tag < cutoff);
  const last = run.at(-1);
  return [
    ...(last === undefined ? [] : [{ method, delivery_tag: last, multiple: true }]),
    ...tags.slice(run.length).map((tag) => ({ method, delivery_tag: tag, multiple: false })),
  ];
}
