import { type EventEmitter, once } from 'node:events';
import type { Options } from 'amqplib';
import type { Scenario, Step } from './scenarios.ts';

/** What amqplib's channels and Warren's have in common. */
export interface PublishingChannel extends EventEmitter {
  publish(
    exchange: string,
    key: string,
    content: Buffer,
    options?: Options.Publish,
    confirmed?: (error: unknown) => void,
  ): boolean;
  close(): Promise<void>;
}

export interface Transcript {
  /** What was told of each message, in its order. */
  readonly messages: Readonly<Record<string, readonly string[]>>;
  /** What was told of the channel. */
  readonly channel: readonly string[];
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
  const messages: Record<string, string[]> = Object.fromEntries(scenario.steps.map(({ label }) => [label, []]));
  const told: string[] = [];
  const closed = once(channel, 'close').catch(() => {});
  channel.on('return', (message: { content: Buffer; fields: Record<string, unknown> }) => {
    const { replyCode, replyText, exchange, routingKey } = message.fields;
    messages[labelOf(scenario, message.content)]?.push(`return ${replyCode} ${replyText} ${exchange} ${routingKey}`);
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
        messages[step.label]?.push(`throws: ${(error as Error).message}`);
        resolve();
      }
    });

  if (scenario.oneByOne) for (const step of scenario.steps) await publish(step);
  else await Promise.all(scenario.steps.map(publish));
  if (!told.includes('close')) await settled();
  if (!told.includes('close')) await Promise.race([channel.close().catch(() => {}), closed]);
  await closed;
  return { messages, channel: told };
}

function labelOf({ steps }: Scenario, content: Buffer): string {
  return steps.find((step) => (step.content ?? Buffer.from(step.label)).equals(content))?.label ?? content.toString();
}
