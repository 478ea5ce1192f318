import type { Books } from '../books/books.ts';
import type { ExceptionStore } from '../exceptions/exception-store.ts';
import { exceptionsOf } from './exceptions-of.ts';
import type { StoryFacts, StorySources } from './story-facts.ts';

export interface ReadStoryDeps {
  readonly books: Books;
  readonly sources: StorySources;
  readonly exceptions: Pick<ExceptionStore, 'find'>;
}

/** `undefined`: nothing is written of such an order anywhere. Throws an `UnreadableRowError`. */
export async function readStory(
  out_trade_no: string,
  { books, sources, exceptions }: ReadStoryDeps,
): Promise<StoryFacts | undefined> {
  const [found, saga, fulfilment] = await Promise.all([
    books.of(out_trade_no),
    sources.saga(out_trade_no),
    sources.fulfilment(out_trade_no),
  ]);
  const told = await books.toldOf(out_trade_no, found.refunds);
  const written = { books: found, told, saga, fulfilment };
  const facts = { ...written, exceptions: await exceptionsOf(written, exceptions) };
  const { order, entry, reservation } = found;
  const known = [order, entry, reservation, saga, fulfilment, ...told, ...facts.exceptions];
  return known.some((one) => one !== undefined) ? facts : undefined;
}
