import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import type { Definitions, Publish } from '../case.ts';
import { amqpTable } from './amqp-table.ts';

/** What the publisher hears of a message: an error of its channel, or a confirm, with or without a return before it. */
export type Answer = { readonly error: number } | { readonly returned: boolean; readonly confirm: 'ack' | 'nack' };

/** The message's number is its body. */
export type Numbered = Publish & { readonly at: number };

/** All on one channel. Undefined when it was closed: then nobody knows which of the messages were the last to be taken. */
export async function publishTogether(
  connection: ChannelModel,
  messages: readonly Numbered[],
): Promise<Map<number, Answer> | undefined> {
  const channel = await connection.createConfirmChannel();
  const answers = new Map<number, Answer>();
  const returned = returnsOf(channel);
  const closed = closingOf(channel);
  const confirmed = messages.map((message) =>
    confirmOf(channel, message).then((confirm) => {
      if (confirm) answers.set(message.at, { returned: returned.has(message.at), confirm });
    }),
  );
  await Promise.all(confirmed);
  if (answers.size < messages.length) {
    await closed;
    return undefined;
  }
  await channel.close();
  return answers;
}

/** On a connection of its own, so that its end is about this message. */
export async function publishOnOwnConnection(url: URL, message: Numbered): Promise<Answer> {
  const connection = await connect(url.href);
  const broken = closingOf(connection).then((error) => ({ error }));
  const answer = await Promise.race([publishAlone(connection, message), broken]);
  await connection.close().catch(() => {});
  return answer;
}

/** On a channel of its own, so that its closing is about this message. */
export async function publishAlone(connection: ChannelModel, message: Numbered): Promise<Answer> {
  const channel = await connection.createConfirmChannel();
  const returned = returnsOf(channel);
  const closed = closingOf(channel);
  const confirm = await confirmOf(channel, message);
  if (!confirm) return { error: await closed };
  await channel.close();
  return { returned: returned.has(message.at), confirm };
}

/** Whether the message could close its channel: such messages go alone. Should another one do so, all go alone. */
export function couldClose({ exchanges }: Definitions, { exchange, headers }: Publish): boolean {
  const open = exchanges.find(({ name }) => name === exchange)?.internal === false;
  const predeclared = exchange === '' || /^amq\.(direct|fanout|topic|headers|match)$/.test(exchange);
  const isArray = (name: string) => headers[name] === undefined || Array.isArray(headers[name]);
  return !(open || predeclared) || !isArray('CC') || !isArray('BCC');
}

/** Whether the message could end its connection: some brokers cannot hash an empty header. Such messages go there alone. */
export function couldCrash({ exchanges }: Definitions, { headers }: Publish): boolean {
  return exchanges.some(({ arguments: args }) => {
    const value = headers[String(args['hash-header'])];
    return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  });
}

function confirmOf(channel: ConfirmChannel, message: Numbered): Promise<'ack' | 'nack' | undefined> {
  const { exchange, routing_key, headers, properties, at } = message;
  const options = {
    mandatory: true,
    headers: amqpTable(headers),
    correlationId: properties.correlation_id,
    messageId: properties.message_id,
    timestamp: properties.timestamp,
  };
  return new Promise((resolve) => {
    channel.publish(exchange, routing_key, Buffer.from(String(at)), options, (error?: Error | null) => {
      if (error) resolve(error.message === 'message nacked' ? 'nack' : undefined);
      else resolve('ack');
    });
  });
}

function returnsOf(channel: ConfirmChannel): ReadonlySet<number> {
  const returned = new Set<number>();
  channel.on('return', ({ content }) => returned.add(Number(content)));
  return returned;
}

/** The reply code; never settles while it is open. */
function closingOf(channelOrConnection: ConfirmChannel | ChannelModel): Promise<number> {
  return new Promise((resolve) => {
    channelOrConnection.on('error', (error: Error & { code?: number }) => resolve(error.code ?? 0));
  });
}
