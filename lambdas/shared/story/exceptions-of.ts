import type { OrderBooks } from '../books/books.ts';
import type { ListedException } from '../exceptions/exception-row.ts';
import type { ExceptionQuery, ExceptionStore } from '../exceptions/exception-store.ts';
import { billSource } from '../wechat-pay/bill/open-difference.ts';
import { businessKeysOf } from './business-keys.ts';
import type { StoryFacts } from './story-facts.ts';

/**
 * The exceptions of an order: of what was told of it, by its event ids; by the business keys of whatever else there is; and what the bill's comparison says of
 * it, which has only its number.
 */
export async function exceptionsOf(
  { books, told, saga }: Pick<StoryFacts, 'books' | 'told' | 'saga'>,
  store: Pick<ExceptionStore, 'find'>,
): Promise<ListedException[]> {
  const queries: ExceptionQuery[] = [
    ...told.map(({ event_id }) => ({ eventId: event_id })),
    ...businessKeysOf({ books, saga }).map((businessKey) => ({ businessKey })),
  ];
  const found = (await Promise.all(queries.map((query) => all(query, store)))).flat();
  const billed = (await all({ place: billSource }, store)).filter(({ error_message }) => names(error_message, books));
  const byKey = new Map([...found, ...billed].map((one) => [JSON.stringify([one.event_id, one.source]), one]));
  return [...byKey.values()];
}

async function all(query: ExceptionQuery, store: Pick<ExceptionStore, 'find'>): Promise<ListedException[]> {
  const found: ListedException[] = [];
  for await (const one of store.find(query)) found.push(one);
  return found;
}

/** As a word of its own: a number may begin as another one does. */
function names(message: string, { out_trade_no }: OrderBooks): boolean {
  return message.split(/[\s,:.;()]+/).includes(out_trade_no);
}
