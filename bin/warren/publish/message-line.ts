import { z } from 'zod';
import { jsonProblem } from '../../../lambdas/shared/json-problem.ts';
import { onlyInOutbox, publishedMessageSchema } from '../../../lambdas/shared/publishing/contract.ts';
import { InvalidMessageError } from '../message-line.ts';
import { noSuchField } from '../nearest-field.ts';
import { count } from './count.ts';
import { type MessageJson, mostRequestBytes, type PublishMode } from './producer.ts';

/** Of a request besides its messages. */
const requestBytes = 1024;

const lineSchema = z.looseObject({
  headers: z.record(z.string(), z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

/** What a message has that does not say otherwise: from the command line. */
export type MessageDefaults = z.infer<typeof lineSchema>;

/** A message that waits to be published. */
export interface OpenMessage {
  /** Of the input, from 1. */
  readonly line: number;
  readonly eventId: string;
  readonly mandatory: boolean;
  readonly json: MessageJson;
  /** Of `json` in a request. */
  readonly bytes: number;
}

export interface Parsing {
  readonly defaults: MessageDefaults;
  readonly newEventId: () => string;
  readonly mode: PublishMode;
}

/** Throws an `InvalidMessageError` that names the field and repeats nothing of the message but the names of fields there are not. */
export function parseMessage(text: string, line: number, parsing: Parsing): OpenMessage {
  return toOpenMessage(parseJson(text), line, parsing);
}

/** A line's message, or one from the command line. Its event id is made here, so that whoever publishes it again has it. */
export function toOpenMessage(
  message: MessageDefaults,
  line: number,
  { defaults, newEventId, mode }: Parsing,
): OpenMessage {
  const { properties, headers, ...rest } = message;
  const eventId = properties?.['message_id'] ?? defaults.properties?.['message_id'] ?? newEventId();
  const json = {
    ...defaults,
    ...rest,
    ...((defaults.headers ?? headers) && { headers: { ...defaults.headers, ...headers } }),
    properties: { ...defaults.properties, ...properties, message_id: eventId },
  };
  const parsed = publishedMessageSchema.safeParse(json);
  if (!parsed.success) throw new InvalidMessageError(problemsOf(parsed.error));
  if (parsed.data.aggregate !== undefined && mode !== 'outbox') {
    throw new InvalidMessageError(`aggregate: ${onlyInOutbox} (--outbox)`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(json));
  const most = mostRequestBytes - requestBytes;
  if (bytes > most) {
    throw new InvalidMessageError(`it has ${count(bytes)} bytes as JSON, and Lambda takes ${count(most)} in a request`);
  }
  return { line, eventId: String(eventId), mandatory: parsed.data.mandatory, json, bytes };
}

function parseJson(text: string): MessageDefaults {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InvalidMessageError(`it ${jsonProblem(error).replace('line 1, ', '')}`);
  }
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InvalidMessageError(problemsOf(parsed.error));
}

function problemsOf({ issues }: z.ZodError): string {
  return issues.flatMap(problemsOfIssue).join('; ');
}

function problemsOfIssue(issue: z.core.$ZodIssue): string[] {
  const field = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [problemOf(field, issue.message)];
  const [of, known] =
    field === 'properties' ? (['the properties', propertyNames] as const) : (['a message', fieldNames] as const);
  return issue.keys.map((key) => noSuchField(key, of, known));
}

const fieldNames = Object.keys(publishedMessageSchema.shape);
const propertyNames = Object.keys(publishedMessageSchema.shape.properties.unwrap().shape);

const options: Readonly<Record<string, string>> = { exchange: '--exchange', routing_key: '--routing-key' };

function problemOf(field: string, message: string): string {
  if (!message.endsWith('received undefined')) return [field, message].filter(Boolean).join(': ');
  return `${field} is missing${field in options ? `: write it into the line, or give ${options[field]}` : ''}`;
}
