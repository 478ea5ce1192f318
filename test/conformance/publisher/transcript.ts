import { type EventEmitter, once } from 'node:events';
import type { Options } from 'amqplib';
import { asJson } from './queued.ts';
import type { Ask, Scenario, Step } from './scenario.ts';

/** What amqplib's channels and Warren's have in common. */
export interface PublishingChannel extends EventEmitter {
  publish(
    exchange: string,
    key: string,
    content: Buffer,
    options?: Options.Publish | null,
    confirmed?: (error: unknown) => void,
  ): boolean;
  close(): Promise<void>;
}

/** Those of its methods that a broker answers. */
type Asked = Readonly<Record<Ask[0], (...given: readonly unknown[]) => Promise<unknown>>>;

export interface Transcript {
  /** What was told of each message, in its order. */
  readonly messages: Readonly<Record<string, readonly string[]>>;
  /** What was told of the channel. */
  readonly channel: readonly string[];
  /** What was answered, ask by ask; absent: nothing was asked. */
  readonly asked?: readonly string[];
}

/**
 * Plays the scenario and writes down what the channel tells, message by message: brokers confirm different messages in no fixed order.
 * `settled` waits until nothing more is to be told: amqplib tells nothing that comes while a channel is being closed.
 */
export async function play(
  scenario: Scenario,
  channel: PublishingChannel,
  settled: () => Promise<unknown>,
): Promise<Transcript> {
  const { steps, closes } = scenario;
  const messages: Record<string, string[]> = Object.fromEntries(
    [...steps, ...Object.values(closes ?? {})].map(({ label }) => [label, []]),
  );
  const told: string[] = [];
  const closed = once(channel, 'close').catch(() => {});
  channel.on('return', ({ content, fields, properties }: Returned) => {
    const { replyCode, replyText, exchange, routingKey } = fields;
    const returned = `return ${replyCode} ${replyText} ${exchange} ${routingKey} ${JSON.stringify(asJson(properties))}`;
    messages[labelOf(scenario, content)]?.push(returned);
  });
  channel.on('error', (error: Error & { code?: number }) => void told.push(`error ${error.code}: ${error.message}`));
  channel.on('close', () => void told.push('close'));

  const publish = (step: Step): Promise<void> =>
    new Promise((resolve) => {
      const confirmed = (error: unknown): void => {
        messages[step.label]?.push(error ? `failed: ${(error as Error).message}` : 'ack');
        resolve();
      };
      try {
        const content = step.content ?? Buffer.from(step.label);
        channel.publish(step.exchange, step.key, content, step.options, scenario.confirm ? confirmed : undefined);
        if (!scenario.confirm) resolve();
      } catch (error) {
        messages[step.label]?.push(`throws: ${wordsOf(error as Error)}`);
        resolve();
      }
    });

  const asked: string[] = [];
  async function ask([method, ...given]: Ask): Promise<void> {
    try {
      asked.push(JSON.stringify(withoutCounts(await (channel as unknown as Asked)[method](...given))));
    } catch (error) {
      const { message, code, classId, methodId } = error as Error & Record<string, unknown>;
      asked.push(`rejects: ${message}${code === undefined ? '' : ` (${code} ${classId} ${methodId})`}`);
    }
  }
  const { asks = [], asksAtOnce } = scenario;
  const asking = asksAtOnce ? asks.map(ask) : [];
  if (!asksAtOnce) for (const one of asks) await ask(one);

  if (scenario.oneByOne) for (const step of steps) await publish(step);
  else if (closes) {
    const published = Promise.all(steps.map(publish));
    const closing = channel.close().catch(() => {});
    void publish(closes.closing);
    await closing;
    void publish(closes.closed);
    await published;
  } else await Promise.all(steps.map(publish));
  if (!told.includes('close')) await settled();
  if (!told.includes('close')) await Promise.race([channel.close().catch(() => {}), closed]);
  await closed;
  await Promise.all(asking);
  return { messages, channel: told, ...(scenario.asks && { asked }) };
}

/** Of a queue, which Warren leaves out. */
function withoutCounts(reply: unknown): object {
  const { messageCount: _, consumerCount: __, ...rest } = Object(reply);
  return rest;
}

interface Returned {
  readonly content: Buffer;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly properties: object;
}

/** What is out of range Node words, in amqplib's case. */
function wordsOf({ name, message }: Error): string {
  return name === 'RangeError' ? name : message;
}

function labelOf({ steps }: Scenario, content: Buffer): string {
  return steps.find((step) => (step.content ?? Buffer.from(step.label)).equals(content))?.label ?? content.toString();
}
