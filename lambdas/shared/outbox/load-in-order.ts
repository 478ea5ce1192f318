import { keyText, notesOf, predecessorOf, type RowKey, type RowReader, type StoredRow } from './stored-row.ts';

/**
 * The rows under these keys, in this order, but none in front of the one it was written behind. A stream keeps the order of transactions and
 * not that within one (DynamoDB developer guide, "Managing complex workflows with DynamoDB transactions"); what it brings too early
 * takes its predecessors along, which the table has as soon as it has the row. A row that is gone is taken from `images`, if it is there.
 */
export async function loadInOrder(
  reader: RowReader,
  keys: readonly RowKey[],
  images: readonly StoredRow[] = [],
): Promise<StoredRow[]> {
  const rows = new Map(images.map((image) => [keyText(image), image]));
  const asked = new Set<string>();
  for (let wanted = keys; wanted.length > 0; wanted = predecessorsOf(rows.values(), asked)) {
    for (const key of wanted) asked.add(keyText(key));
    for (const row of await reader.load(wanted)) rows.set(keyText(row), row);
  }
  return inOrder(keys, rows);
}

function predecessorsOf(rows: Iterable<StoredRow>, asked: ReadonlySet<string>): RowKey[] {
  const predecessors = [...rows].filter((row) => !notesOf(row).isDone).flatMap((row) => predecessorOf(row) ?? []);
  return [...new Map(predecessors.map((key) => [keyText(key), key])).values()].filter(
    (key) => !asked.has(keyText(key)),
  );
}

function inOrder(keys: readonly RowKey[], rows: ReadonlyMap<string, StoredRow>): StoredRow[] {
  const ordered = new Set<StoredRow>();
  for (const key of keys) {
    const chain: StoredRow[] = [];
    for (let next: RowKey | undefined = key; next; ) {
      const row: StoredRow | undefined = rows.get(keyText(next));
      if (!row || ordered.has(row) || chain.includes(row)) break;
      chain.push(row);
      next = predecessorOf(row);
    }
    for (const row of chain.reverse()) ordered.add(row);
  }
  return [...ordered];
}
