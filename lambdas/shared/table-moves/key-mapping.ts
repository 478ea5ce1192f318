import { z } from 'zod';

/**
 * How the key of an item at the target is made of its key at the source: by attribute, a text with the source's attributes in braces, such as
 * `order#{out_trade_no}`. Each attribute of the source's key MUST stand alone in one of them, so that two keys never become one, and a key is found back.
 */
export const moveKeysSchema = z.object({
  source: z.array(z.string().min(1)).min(1).max(2),
  target: z
    .array(z.object({ name: z.string().min(1), from: z.string().min(1) }))
    .min(1)
    .max(2),
});

export type MoveKeys = Readonly<z.infer<typeof moveKeysSchema>>;
/** A key by its attributes: all of ours are text. */
export type Key = Readonly<Record<string, string>>;

export interface KeyMapping {
  toTarget(sourceKey: Key): Key;
  /** Throws a `ForeignKeyError` for what is no key of a moved item. */
  toSource(targetKey: Key): Key;
  /** The attributes of the source's key. */
  readonly source: readonly string[];
  /** What an item has at the target only. */
  readonly derived: readonly string[];
}

/** An item is at the target that no move can have put there. */
export class ForeignKeyError extends Error {
  override readonly name = 'ForeignKeyError';

  constructor(key: Key) {
    super(`the target has an item under ${keyText(key)}, which is made of no key of the source: take it out`);
  }
}

export function createKeyMapping({ source, target }: MoveKeys): KeyMapping {
  const alone = source.map((attribute) => {
    const part = target.find(({ from }) => isAlone(from, attribute));
    const [before = '', after = ''] = part?.from.split(`{${attribute}}`) ?? [];
    return { attribute, name: part?.name ?? attribute, before, after };
  });
  const toTarget = (key: Key) => Object.fromEntries(target.map(({ name, from }) => [name, filled(from, key)]));
  return {
    toTarget,
    toSource(key) {
      const found = Object.fromEntries(
        alone.map(({ attribute, name, before, after }) => {
          const text = key[name] ?? '';
          return [attribute, text.slice(before.length, text.length - after.length)];
        }),
      );
      const again = toTarget(found);
      if (target.some(({ name }) => again[name] !== key[name])) throw new ForeignKeyError(key);
      return found;
    },
    source,
    derived: target.map(({ name }) => name).filter((name) => !source.includes(name)),
  };
}

/** For people, and as a name for the key: the same for the same key, for DynamoDB hands out what is kept of it in any order. */
export function keyText(key: Key): string {
  return Object.entries(key)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');
}

function isAlone(from: string, attribute: string): boolean {
  const placeholders = placeholdersOf(from);
  return placeholders.length === 1 && placeholders[0] === attribute;
}

function placeholdersOf(from: string): string[] {
  return [...from.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}

function filled(from: string, key: Key): string {
  return from.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => key[name] ?? '');
}
