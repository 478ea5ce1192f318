import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { managementApi } from '../live/broker/management.ts';
import { playOnChannel } from './broker-steps.ts';
import { definitionsOf, type Scenario } from './scenario.ts';
import type { Transcript } from './transcript.ts';

/** How many messages each queue holds. */
export type Depths = Readonly<Record<string, number>>;

export interface LiveBroker {
  readonly version: string;
  /**
   * Plays a scenario. Dead-lettering tells nobody when it is done: after each step the broker gets time until its queues hold as many
   * messages as they are expected to.
   */
  play(scenario: Scenario, depthsAfter: readonly Depths[]): Promise<Transcript>;
  /** Deletes the vhosts that are left when the run was cut off. */
  close(): Promise<void>;
}

/** Each scenario has a vhost of its own, which nothing survives. */
export async function connectBroker(amqpUrl: string, managementUrl: string): Promise<LiveBroker> {
  const management = managementApi(new URL(managementUrl));
  const { rabbitmq_version: version } = await management.overview();
  const vhosts = new Set<string>();

  async function play(scenario: Scenario, depthsAfter: readonly Depths[]): Promise<Transcript> {
    const vhost = `warren-dead-letters-${randomUUID()}`;
    vhosts.add(vhost);
    try {
      await management.createVhost(vhost);
      await management.importDefinitions(vhost, definitionsOf(scenario));
      const url = new URL(amqpUrl);
      url.pathname = `/${vhost}`;
      const connection = await connect(url.href);
      const channel = await connection.createConfirmChannel();
      // Whatever is under way rejects besides.
      channel.on('error', () => {});
      const transcript = await playOnChannel(scenario, { channel, connection }, depthsAfter);
      await connection.close();
      return transcript;
    } finally {
      await management.deleteVhost(vhost);
      vhosts.delete(vhost);
    }
  }

  return {
    version,
    play,
    async close() {
      for (const vhost of vhosts) await management.deleteVhost(vhost).catch(() => {});
    },
  };
}
