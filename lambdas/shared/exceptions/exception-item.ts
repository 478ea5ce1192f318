import { mostContentBytes, type NewException } from './exceptions.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Of an error's words and frames: they are for people. */
const longestText = 2000;
const longestStack = 4000;

export function keyOf({ eventId, source, contentDigest }: NewException) {
  return { event_id: eventId, source: contentDigest === undefined ? source : `${source} ${contentDigest}` };
}

/** What stays as it first came, whatever comes later under the same event id. */
export function contentOf({ source, queue, aggregate, body, envelope, envelopeKey }: NewException) {
  const bytes = Buffer.byteLength(body ?? '') + Buffer.byteLength(envelope ?? '');
  const content = bytes <= mostContentBytes ? { body, amqp: envelope, amqp_key: envelopeKey } : {};
  return { place: source, queue, aggregate, ...content };
}

/** What tells of the last occurrence. */
export function occurrenceOf({ source, reason, error, businessKey, operations, queued }: NewException, now: Date) {
  const { impact, personal = [] } = operations ?? {};
  return {
    reason,
    error_name: error.name,
    error_message: error.message.slice(0, longestText),
    error_stack: framesOf(error.stack)?.slice(0, longestStack),
    fingerprint: fingerprintOf(source, error),
    business_key: businessKey,
    impact,
    personal: personal.length > 0 ? personal : undefined,
    last_at: now.toISOString(),
    sent_at: queued?.sentAt.toISOString(),
    message_group: queued?.group,
    sequence_number: queued?.sequence,
    receives: queued?.receives,
  };
}

/** Without the message above them, which may tell of a person. */
function framesOf(stack: string | undefined): string | undefined {
  return stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');
}
