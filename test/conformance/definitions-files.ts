import path from 'node:path';

/**
 * What the recordings were made from. The worked example is a copy of `topology/definitions.json`, so that whoever brings another topology
 * need not record anything again.
 */
export const definitionsFiles = ['worked-example.json', 'routing.json'].map((file) =>
  path.join(import.meta.dirname, 'fixtures', file),
);
export const recordedFolder = path.join(import.meta.dirname, 'recorded');

export interface Recording {
  readonly rabbitmq_version: string;
  readonly cases: readonly RecordedCase[];
}

export interface PublishCase {
  readonly vhost: string;
  /** The default exchange is `''`. */
  readonly exchange: string;
  readonly routing_key: string;
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
}

export interface RecordedCase extends PublishCase {
  /** Sorted by code unit. */
  readonly queues: readonly string[];
  readonly routed: boolean;
}
