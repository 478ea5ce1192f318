import type { Channel, ChannelModel } from 'amqplib';

const fence = 'fence';

/** What the queues got, by the number of the message: a queue is named once for each copy. */
export interface Deliveries {
  readonly queuesOf: (at: number) => string[];
  /** Settles when all that was confirmed before the call has been delivered. */
  settle(): Promise<void>;
}

/**
 * Consumes every queue from now on. A fence published to each queue after everything else stands behind everything else; a queue
 * that refuses its fence is full, and holds nothing.
 */
export async function consumeAll(connection: ChannelModel, queues: readonly string[]): Promise<Deliveries> {
  const channel = await connection.createChannel();
  const byMessage = new Map<number, string[]>();
  const fences = new Map(queues.map((queue) => [queue, Promise.withResolvers<void>()]));
  const receive = (queue: string, text: string): void => {
    if (text === fence) {
      fences.get(queue)?.resolve();
      return;
    }
    const at = Number(text);
    const received = byMessage.get(at);
    if (received) received.push(queue);
    else byMessage.set(at, [queue]);
  };
  await Promise.all(queues.map((queue) => consume(channel, queue, (text) => receive(queue, text))));

  return {
    queuesOf: (at) => (byMessage.get(at) ?? []).sort(),
    async settle() {
      const publisher = await connection.createConfirmChannel();
      for (const queue of queues) {
        publisher.sendToQueue(queue, Buffer.from(fence), {}, (error?: Error | null) => {
          if (error) fences.get(queue)?.resolve();
        });
      }
      await Promise.all([...fences.values()].map(({ promise }) => promise));
      await publisher.close();
    },
  };
}

async function consume(channel: Channel, queue: string, receive: (text: string) => void): Promise<void> {
  await channel.consume(queue, (message) => message && receive(message.content.toString()), { noAck: true });
}
