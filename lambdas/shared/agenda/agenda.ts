import { createHash } from 'node:crypto';

/**
 * What an item carries while somebody has to come back to it: a topic, and from when on. Both are the keys of the sparse index `Agenda`: an item
 * without them is not in it, so that nobody scans a table for what is unfinished.
 */
export interface AgendaEntry {
  readonly agenda: string;
  /** ISO 8601 in UTC: it sorts by time. */
  readonly agenda_at: string;
}

export const agendaIndexName = 'Agenda';

/** A partition of an index takes 1,000 writes a second (DynamoDB, ServiceQuotas): so many times that, for one topic. */
const shards = 8;

/** `id`: what spreads the items of the topic. */
export function agendaEntry(topic: string, id: string, at: Date): AgendaEntry {
  const shard = createHash('sha256').update(id).digest().readUInt8(0) % shards;
  return { agenda: `${topic}#${shard}`, agenda_at: at.toISOString() };
}

/** The partitions of the index that hold the topic. */
export function partitionsOf(topic: string): string[] {
  return Array.from({ length: shards }, (_, shard) => `${topic}#${shard}`);
}
