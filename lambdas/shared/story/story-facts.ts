import type { OrderBooks, ToldRow } from '../books/books.ts';
import type { ListedException } from '../exceptions/exception-row.ts';
import type { SagaRow } from '../saga/saga-row.ts';

/** What the idempotency table knows of the request to the merchant. */
export interface FulfilmentRecord {
  readonly isDone: boolean;
  /** It was begun, and is nobody's any more after that. */
  readonly lockedUntil: string | undefined;
}

/** All that is written of one order, wherever. */
export interface StoryFacts {
  readonly books: OrderBooks;
  readonly told: readonly ToldRow[];
  readonly saga: SagaRow | undefined;
  readonly fulfilment: FulfilmentRecord | undefined;
  readonly exceptions: readonly ListedException[];
}

/** What `readStory` reads beside the books. */
export interface StorySources {
  /** MUST be as it is now. */
  saga(out_trade_no: string): Promise<SagaRow | undefined>;
  /** MUST be as it is now. */
  fulfilment(out_trade_no: string): Promise<FulfilmentRecord | undefined>;
}
