import { type AnalyseOptions, analyse } from '../../../rabbitmq/analyse.ts';
import type { Finding } from '../../../rabbitmq/definitions/finding.ts';

/** The findings of a document written with two spaces, one member a line. */
export function findingsIn(document: object, options: AnalyseOptions = {}): readonly Finding[] {
  return analyse(JSON.stringify(document, null, 2), options).findings;
}

/** Those of one code: what a test is about, whatever else there is to say of its document. */
export function found(code: string, document: object, options: AnalyseOptions = {}): Finding[] {
  return findingsIn(document, options).filter((finding) => finding.code === code);
}

export const x = { name: 'x', vhost: '/', type: 'fanout' };
export const q = { name: 'q', vhost: '/' };
export const binding = { source: 'x', vhost: '/', destination: 'q', destination_type: 'queue', routing_key: '' };
