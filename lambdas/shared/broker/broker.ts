import type { Copy } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import { deadLetter, isCycle } from '../../../rabbitmq/dead-lettering/dead-letter.ts';
import { asPublished, type ClientMessage, type Message, withEventId } from '../../../rabbitmq/message.ts';
import { headersForQueues } from '../../../rabbitmq/publishing/client-headers.ts';
import { publish } from '../../../rabbitmq/publishing/publish.ts';
import { keysIn, routingKeysOf } from '../../../rabbitmq/publishing/routing-keys.ts';
import { xDelayMs } from '../../../rabbitmq/publishing/x-delay.ts';
import { asRouted } from '../../../rabbitmq/routing/as-routed.ts';
import { createRouter } from '../../../rabbitmq/routing/router.ts';
import type { Queue, Topology } from '../../../rabbitmq/topology.ts';
import type { WithPartitions } from '../partitions/partitioned-dispatch.ts';
import { bodyBytesOf } from './body-bytes.ts';
import { createDispatch, type DispatchDeps, type Published } from './dispatch.ts';
import { createGatedDispatch } from './gated-dispatch.ts';
import { type Outgoing, outgoingOf, type Routed } from './outgoing.ts';
import type { OverflowGate } from './overflow-gate.ts';
import type { Waiting } from './waiting.ts';

/** What only a publish says, beside its message. */
export interface PublishOptions {
  /** Refused: 540 (rule 4.5.1). */
  readonly immediate?: boolean | undefined;
  /** Whom a `user_id` must name (rule 4.5.11). Default: not checked. */
  readonly user?: string | undefined;
  /** As if it were published so many milliseconds later. Default: 0. */
  readonly delayMs?: number | undefined;
}

/** The two halves of a publish: RabbitMQ routes in a transaction when it is published, and delivers at commit (rule 4.5.25). */
export interface Publisher {
  /** Checks and routes one message, sends nothing. Throws a `ChannelError` (rules 4.5.1 to 4.5.13). */
  accept(message: ClientMessage, options?: PublishOptions): Routed;
  /** Stores what was accepted, but for queues that are full: one result per message, in order. Never throws for a message. */
  deliver(accepted: readonly Routed[], deadline?: AbortSignal): Promise<Published[]>;
}

/**
 * Routes as RabbitMQ would and stores in SQS: what a channel is to a publisher, as a module. At the deadline it stops and answers: what is
 * under way then is `unknown`, what no call carried is refused. Default: as long as it takes.
 */
export interface Broker {
  /**
   * A client's publish: one result per message, in order. Throws a `ChannelError` before anything is sent when a message
   * names an exchange that is missing or internal, or has CC or BCC of a wrong type.
   */
  publish(messages: readonly Message[], deadline?: AbortSignal): Promise<Published[]>;
  /** RabbitMQ's own publish to a dead-letter exchange: no permission is asked, a missing exchange routes nothing (rule 4.6.6). */
  republish(message: Message, deadline?: AbortSignal): Promise<Published>;
}

/** The other end of a delay. */
export interface Resumer {
  /** Sends on what has waited: into its queue, or to where it is routed now. What is left of its delay, it waits. */
  resume(waiting: Waiting, deadline?: AbortSignal): Promise<Published>;
}

export interface BrokerDeps extends DispatchDeps {
  readonly topology: Topology;
  readonly gate: OverflowGate;
  /** Of a topology with partitioned exchanges. Default: it has none. */
  readonly partitions?: WithPartitions | undefined;
  /** What a body may have at most (rule 4.5.2). */
  readonly maxBodyBytes: number;
  readonly now: () => Date;
  /** At least 0, below 1: what random exchanges pick by. */
  readonly random: () => number;
}

export function createBroker({
  topology,
  gate,
  partitions = (dispatch) => dispatch,
  maxBodyBytes,
  now,
  random,
  ...deps
}: BrokerDeps): Broker & Publisher & Resumer {
  const send = createDispatch(deps);
  const dispatch = partitions(send);
  // What is placed before the gate is not placed again behind it; a letter is a message of its own.
  const gated = createGatedDispatch({ gate, dispatch: send, dispatchLetters: dispatch, lettersOf });
  const dispatchGated = partitions(gated);
  const router = createRouter(topology, { random });
  const queues = new Map(topology.queues.map((queue) => [idOf(queue.vhost, queue.name), queue]));
  const queueOf = (vhost: string, name: string): Queue | undefined => queues.get(idOf(vhost, name));

  function accept(message: ClientMessage, { delayMs = 0, ...options }: PublishOptions = {}): Routed {
    const routingKey = message.routingKeys[0] ?? '';
    const decision = publish(router, {
      ...message,
      ...options,
      routingKey,
      bodyBytes: bodyBytesOf(message),
      maxBodyBytes,
    });
    if ('error' in decision) throw decision.error;
    const headers = headersForQueues(message.headers, topology.dialect);
    const bcc = keysIn(message.headers, 'BCC');
    return {
      message: {
        ...withEventId(message),
        headers,
        routingKeys: routingKeysOf(routingKey, headers),
        ...(bcc.length > 0 && { bcc }),
      },
      queues: decision.queues,
      delayMs: delayMs + xDelayMs(message, router.exchange(message.vhost, message.exchange)),
    };
  }

  const outgoingFrom = (routed: Routed): Outgoing[] =>
    outgoingOf(routed, { router, queue: queueOf, now: now(), dialect: topology.dialect });

  const deliver = (routed: readonly Routed[], deadline?: AbortSignal): Promise<Published[]> =>
    dispatchGated(routed.map(outgoingFrom), deadline);

  const routesOf = (message: Message): string[] => router.route(asRouted(message));

  /** Deaths a queue caused by itself must not go round for ever (rule 4.6.14); rejections may (rule 4.6.15). */
  const routesOfLetter = (letter: Message): string[] => routesOf(letter).filter((name) => !isCycle(letter, { name }));

  /** Of a message over a queue's length (rule 4.6.1). */
  function lettersOf({ message, queue }: Copy): Outgoing[] | undefined {
    try {
      const time = Math.floor(now().getTime() / 1000);
      const letter = deadLetter(message, { queue, reason: 'maxlen', time }, topology.dialect);
      return letter && outgoingFrom({ message: letter, queues: routesOfLetter(letter), delayMs: 0 });
    } catch (error) {
      return [{ queues: [queue.name], refused: `no letter can be made of it: ${String(error)}` }];
    }
  }

  /** Without a publisher to hear of a refusal, every queue takes it. */
  async function sendOn(routed: Routed, deadline?: AbortSignal): Promise<Published> {
    const [published] = await dispatch([outgoingFrom(routed)], deadline);
    return published ?? silence;
  }

  return {
    accept,
    deliver,
    publish: async (messages, deadline) => {
      const accepted = messages.map((message) => accept(asPublished(message)));
      return deliver(accepted, deadline);
    },
    republish: (letter, deadline) => sendOn({ message: letter, queues: routesOfLetter(letter), delayMs: 0 }, deadline),
    resume({ message, dueAt, next }, deadline) {
      const delayMs = Math.max(0, dueAt - now().getTime());
      const sendTo = (queues: readonly string[]) => sendOn({ message, queues, delayMs }, deadline);
      switch (next.step) {
        case 'store':
          return sendTo(queueOf(message.vhost, next.queue) ? [next.queue] : []);
        case 'route':
          return sendTo(routesOf(message));
        case 'dead-letter':
          return sendTo(routesOfLetter(message));
        default:
          throw new Error(`no way on for ${next satisfies never}`);
      }
    },
  };
}

const silence: Published = { confirm: 'unknown', queues: [] };

function idOf(vhost: string, name: string): string {
  return JSON.stringify([vhost, name]);
}
