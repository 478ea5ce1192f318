import type { ClientMessage } from '../../../rabbitmq/message.ts';

/** Null: an ack. */
export type Confirmed = (error: Error | null) => void;

/** A message that its publisher has not been told of yet. */
export interface Open {
  readonly message: ClientMessage;
  readonly content: Buffer;
  readonly mandatory: boolean;
  /** Published after what closes the channel, and never sent. */
  readonly isLost: boolean;
  confirmed: Confirmed;
}

/** Once its publisher is told of an ack; rejects with anything else. */
export function untilConfirmed(open: Open): Promise<void> {
  return new Promise((resolve, reject) => {
    const { confirmed } = open;
    open.confirmed = (error) => {
      if (error) reject(error);
      else resolve();
      confirmed(error);
    };
  });
}
