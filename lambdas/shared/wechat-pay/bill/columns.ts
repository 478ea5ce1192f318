import { UnreadableBillError } from './errors.ts';

/** The columns of a table in a bill, by their names. */
export interface Columns<Name extends string> {
  /** The values of one row. Throws an `UnreadableBillError` when it has too few. */
  valuesOf(fields: readonly string[], line: number): (name: Name) => string;
}

/** Where texts of people begin and end: what is too much in a row is parts of these. */
export interface FreeTexts {
  readonly first: string;
  readonly last: string;
}

/** `header`: names, parted by commas. Throws an `UnreadableBillError` that says which are missing. */
export function columnsIn<Name extends string>(
  header: string,
  wanted: readonly Name[],
  freeTexts?: FreeTexts,
): Columns<Name> {
  const names = header.split(',').map((name) => name.replace('`', '').trim());
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new UnreadableBillError(`it has no column ${missing.join(', ')}`);
  const firstText = freeTexts ? names.indexOf(freeTexts.first) : -1;
  const lastText = freeTexts ? names.indexOf(freeTexts.last) : -1;
  const hasTexts = firstText >= 0 && lastText >= firstText;
  const places = new Map<string, number>(names.map((name, at) => [name, at]));
  return {
    valuesOf(fields, line) {
      const surplus = fields.length - names.length;
      if (surplus < 0 || (surplus > 0 && !hasTexts)) {
        throw new UnreadableBillError(`line ${line} has ${fields.length} values for ${names.length} columns`);
      }
      return (name) => {
        const at = places.get(name) ?? -1;
        const field = fields[surplus > 0 && at > lastText ? at + surplus : at] ?? '';
        // Its delimiter has taken the backtick of all but the first.
        return field.replace(/^`/, '').trim();
      };
    },
  };
}
