import { z } from 'zod';
import { jsonProblem } from '../../../lambdas/shared/json-problem.ts';
import { publishedMessageSchema } from '../../../lambdas/shared/publishing/contract.ts';
import { InvalidMessageError } from '../message-line.ts';
import { type MessageJson, mostRequestBytes } from './producer.ts';

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

/** Throws an `InvalidMessageError` that names the field and repeats nothing of the message. */
export function parseMessage(
  text: string,
  line: number,
  { defaults, newEventId }: { readonly defaults: MessageDefaults; readonly newEventId: () => string },
): OpenMessage {
  return toOpenMessage(parseJson(text), line, defaults, newEventId);
}

/** A line's message, or one from the command line. Its event id is made here, so that whoever publishes it again has it. */
export function toOpenMessage(
  message: MessageDefaults,
  line: number,
  defaults: MessageDefaults,
  newEventId: () => string,
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
  const bytes = Buffer.byteLength(JSON.stringify(json));
  if (bytes > mostRequestBytes - 1024) throw new InvalidMessageError(`it is ${bytes} bytes, and Lambda takes 6 MB`);
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
  return issues.map(({ path, message }) => problemOf(path.join('.'), message)).join('; ');
}

const options: Readonly<Record<string, string>> = { exchange: '--exchange', routing_key: '--routing-key' };

function problemOf(field: string, message: string): string {
  if (!message.endsWith('received undefined')) return [field, message].filter(Boolean).join(': ');
  return `${field} is missing${field in options ? `: write it into the line, or give ${options[field]}` : ''}`;
}
