import { readdirSync } from 'node:fs';
import path from 'node:path';
import leven from 'leven';
import { functionOutput, tableOutput } from '../../../lib/output-names.ts';

/** There is no such test event. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';

  constructor(given: string, known: readonly string[]) {
    const nearest = known.toSorted((one, other) => leven(given, one) - leven(given, other)).slice(0, 3);
    super(
      `There is no events/${given}.json. ${nearest.length > 0 ? `Did you mean ${nearest.join(', ')}?` : 'There is no event at all.'}`,
    );
  }
}

/** No stack has an output with the name that the event's folder asks for. */
export class NothingDeployedForEventError extends Error {
  override readonly name = 'NothingDeployedForEventError';

  constructor(event: string, output: string, outputs: Readonly<Record<string, string>>) {
    const kind = output.endsWith('Table') ? 'Table' : 'Function';
    const deployed = Object.keys(outputs).filter((name) => name.endsWith(kind));
    super(
      `events/${event}.json goes by its folder to the stack output ${output}, which is not deployed. There are: ` +
        `${deployed.sort().join(', ') || 'none'}. Name the folder after the function's, or deploy it.`,
    );
  }
}

/** Where a test event goes: to a function, as its input, or into a table, as an item. */
export interface Destination {
  readonly kind: 'function' | 'table';
  /** Its name in AWS. */
  readonly name: string;
}

/** The events below a folder, as `publish/unroutable`. */
export function eventsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => nameOf(file.split(path.sep).join('/')))
    .sort();
}

/** The event somebody means by `publish/unroutable` or `events/publish/unroutable.json`. Throws an `UnknownEventError` with the nearest ones. */
export function findEvent(given: string, known: readonly string[]): string {
  const name = nameOf(given.replace(/^(\.\/)?events\//, ''));
  if (!known.includes(name)) throw new UnknownEventError(name, known);
  return name;
}

/**
 * By the event's folder: `orders/payment` goes to the function that the stack output `OrdersFunction` names. A file that ends in `-item`
 * is an item in DynamoDB's JSON, for the table that `OrdersTable` names. Throws a `NothingDeployedForEventError`.
 */
export function destinationOf(event: string, outputs: Readonly<Record<string, string>>): Destination {
  const folder = event.slice(0, event.indexOf('/'));
  const kind = event.endsWith('-item') ? 'table' : 'function';
  const output = kind === 'table' ? tableOutput(folder) : functionOutput(folder);
  const name = outputs[output];
  if (name === undefined) throw new NothingDeployedForEventError(event, output, outputs);
  return { kind, name };
}

function nameOf(file: string): string {
  return file.replace(/\.json$/, '');
}
