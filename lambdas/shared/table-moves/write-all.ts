import pMap from 'p-map';

/** At a time: bounds sockets. */
const parallelWrites = 16;

/**
 * Writes each of them, and tells whether each was written. After an error nothing more is begun, and it is thrown when all that was begun has ended: what
 * is still on its way when a function fails is frozen with it, and goes on in its next run, when the table may have changed sides.
 */
export async function writeAll<Item>(
  items: readonly Item[],
  write: (item: Item) => Promise<boolean>,
): Promise<boolean[]> {
  const errors: unknown[] = [];
  const written = await pMap(
    items,
    async (item) => {
      if (errors.length > 0) return false;
      try {
        return await write(item);
      } catch (error) {
        errors.push(error);
        return false;
      }
    },
    { concurrency: parallelWrites },
  );
  if (errors.length > 0) throw errors[0];
  return written;
}
