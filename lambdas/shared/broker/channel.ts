import type { ClientMessage } from '../../../rabbitmq/message.ts';
import { ChannelError, modesExclude, partialTxCompletion } from '../../../rabbitmq/publishing/channel-error.ts';
import { joinConfirms, type Settled } from '../../../rabbitmq/publishing/confirms.ts';
import type { Publisher, PublishOptions } from './broker.ts';
import { closeOf, returnOf } from './channel-events.ts';
import type { Published } from './dispatch.ts';
import type { Routed } from './outgoing.ts';
import type { ChannelEvent, MessageReport } from './report.ts';

/** What has happened since the last one. */
export interface Flushed {
  readonly events: readonly ChannelEvent[];
  readonly reports: readonly MessageReport[];
}

export interface ChannelOptions {
  /** Who would be logged in. Default: nobody a `user_id` could be held against. */
  readonly user?: string | undefined;
  /** Join confirms that come together (rule 4.5.24). Default: one for each message. */
  readonly joinConfirms?: boolean | undefined;
}

interface Pending {
  readonly accepted: Routed;
  readonly mandatory: boolean;
  readonly tag: number | undefined;
}

/**
 * A RabbitMQ channel for publishing, over SQS. A message is checked and routed when it is published; it is sent by `flush`, or in tx mode
 * by `commit`. Errors close the channel: what was accepted before stays owed to `flush`, in tx mode it is dropped.
 */
export interface Channel {
  /** Throws 406 in tx mode, as `selectTx` does in confirm mode (rule 4.5.29). */
  selectConfirm(): void;
  selectTx(): void;
  /** Throws a `ChannelError` and closes; throws a `ChannelClosedError` on a closed channel. */
  publish(message: ClientMessage, options?: Omit<PublishOptions, 'user'> & { readonly mandatory?: boolean }): void;
  /** Sends what is accepted; in tx mode nothing. Returns come before their confirms (rule 4.5.16), the reason it is closed for last. */
  flush(deadline?: AbortSignal): Promise<Flushed>;
  /** Sends the transaction: commit-ok when all is stored; 406 when a queue refused, and what others took stays (rules 4.5.26 to 4.5.28). */
  commit(deadline?: AbortSignal): Promise<Flushed>;
  /** Forgets what was published since the last commit. */
  rollback(): void;
}

/** An error has closed the channel: a publisher opens another one. */
export class ChannelClosedError extends Error {
  override readonly name = 'ChannelClosedError';

  constructor(reason: ChannelError) {
    super(`the channel is closed: ${reason.message}`, { cause: reason });
  }
}

export function openChannel(publisher: Publisher, { user, joinConfirms: join = false }: ChannelOptions = {}): Channel {
  let mode: 'none' | 'confirm' | 'tx' = 'none';
  let lastTag = 0;
  let pending: Pending[] = [];
  let closedBy: ChannelError | undefined;
  let isCloseTold = false;

  function select(wanted: 'confirm' | 'tx'): void {
    if (mode !== 'none' && mode !== wanted) throw close(modesExclude(mode, wanted));
    mode = wanted;
  }

  function close(reason: ChannelError): ChannelError {
    closedBy = reason;
    return reason;
  }

  function accept(message: ClientMessage, options: Omit<PublishOptions, 'user'>): Routed {
    try {
      return publisher.accept(message, { ...options, user });
    } catch (error) {
      throw error instanceof ChannelError ? close(error) : error;
    }
  }

  async function deliver(deadline?: AbortSignal): Promise<{ events: ChannelEvent[]; reports: MessageReport[] }> {
    const sent = pending;
    pending = [];
    const published = await publisher.deliver(
      sent.map(({ accepted }) => accepted),
      deadline,
    );
    const outcomes = sent.map((one, at) => ({ ...one, ...(published[at] ?? silence) }));
    const returns = outcomes.map((one) =>
      one.mandatory && one.queues.length === 0 ? [returnOf(one.accepted.message)] : [],
    );
    return {
      events:
        join || mode === 'tx'
          ? [...returns.flat(), ...confirmsOf(outcomes)]
          : outcomes.flatMap((one, at) => [...(returns[at] ?? []), ...confirmsOf([one])]),
      reports: outcomes.map(({ accepted, tag, confirm, queues }) => ({
        ...(tag !== undefined && { delivery_tag: tag }),
        message_id: accepted.message.properties.message_id,
        confirm,
        routed: queues.length,
        queues,
      })),
    };
  }

  function closing(): ChannelEvent[] {
    if (!closedBy || isCloseTold) return [];
    isCloseTold = true;
    return [closeOf(closedBy)];
  }

  return {
    selectConfirm: () => select('confirm'),
    selectTx: () => select('tx'),
    publish(message, { mandatory = false, ...options } = {}) {
      if (closedBy) throw new ChannelClosedError(closedBy);
      const accepted = accept(message, options);
      if (mode === 'confirm') lastTag++;
      pending.push({ accepted, mandatory, tag: mode === 'confirm' ? lastTag : undefined });
    },
    async flush(deadline) {
      const { events, reports } = mode === 'tx' ? { events: [], reports: [] } : await deliver(deadline);
      return { events: [...events, ...closing()], reports };
    },
    async commit(deadline) {
      if (closedBy) return { events: closing(), reports: [] };
      const { events, reports } = await deliver(deadline);
      if (reports.some(({ confirm }) => confirm === 'nack')) close(partialTxCompletion());
      const isDone = reports.every(({ confirm }) => confirm === 'ack');
      return { events: [...events, ...(isDone ? [{ method: 'tx.commit-ok' } as const] : closing())], reports };
    },
    rollback() {
      pending = [];
    },
  };
}

/** Of a publisher that forgot to answer. */
const silence: Published = { confirm: 'unknown', queues: [] };

function confirmsOf(outcomes: readonly (Pending & Published)[]): Settled[] {
  return joinConfirms(outcomes.flatMap(({ tag, confirm }) => (tag === undefined ? [] : [[tag, confirm] as const])));
}
