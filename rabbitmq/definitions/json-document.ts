import { type DocumentNode, evaluate, parse, type ValueNode } from '@humanwhocodes/momoa';

export type Path = readonly PropertyKey[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** JSON text that remembers where each value stands, so that a finding can point at it. */
export interface JsonDocument {
  readonly value: unknown;
  /** Where the value at the path begins; the nearest enclosing value when the path leads nowhere (a missing key). */
  positionOf(path: Path): Position;
}

/** The text is no JSON. Line and column start at 1. */
export class InvalidJsonError extends Error {
  override readonly name = 'InvalidJsonError';
  readonly position: Position;

  constructor(reason: string, position: Position) {
    super(`invalid JSON at line ${position.line}, column ${position.column}: ${reason}`);
    this.position = position;
  }
}

export function parseJsonDocument(text: string): JsonDocument {
  const document = parseOrThrow(text);
  return {
    value: evaluate(document),
    positionOf: (path) => nodeAt(document.body, path).loc.start,
  };
}

function parseOrThrow(text: string): DocumentNode {
  try {
    return parse(text.replace(/^\uFEFF/, ''), { mode: 'json' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new InvalidJsonError(error.message.replace(/\s*\(\d+:\d+\)$/, ''), positionIn(error));
  }
}

function positionIn(error: Error): Position {
  const { line, column } = { line: 1, column: 1, ...error };
  return { line, column };
}

function nodeAt(node: ValueNode, path: Path): ValueNode {
  const [step, ...rest] = path;
  const child = step === undefined ? undefined : childOf(node, step);
  return child ? nodeAt(child, rest) : node;
}

function childOf(node: ValueNode, step: PropertyKey): ValueNode | undefined {
  if (node.type === 'Array' && typeof step === 'number') return node.elements[step]?.value;
  if (node.type !== 'Object') return undefined;
  return node.members.find(({ name }) => (name.type === 'String' ? name.value : name.name) === step)?.value;
}

/** `queues[2].arguments.x-message-ttl` */
export function formatPath(path: Path): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
