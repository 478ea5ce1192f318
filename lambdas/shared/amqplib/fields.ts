/** Fields of AMQP's frames as amqplib encodes them (its defs.js), with its words for what does not fit. Null and undefined are absent. */
export function shortString(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && Buffer.byteLength(value) < 256) return value;
  throw new TypeError(`Field '${field}' is the wrong type; must be a string (up to 255 chars)`);
}

export function number(field: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  throw new TypeError(`Field '${field}' is the wrong type; must be a number (but not NaN)`);
}

/** A fraction is cut off, once the number is in range. */
export function byte(field: string, value: unknown): number | undefined {
  const given = number(field, value);
  if (given === undefined || (given >= 0 && given <= 255)) return given && Math.trunc(given);
  throw new RangeError(`Field '${field}' is out of range: ${given} is not between 0 and 255`);
}
