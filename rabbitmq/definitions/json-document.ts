import { type DocumentNode, type ObjectNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import { isCutOff } from './cut-off.ts';
import { InvalidJsonError, type Position, positionAfter } from './invalid-json-error.ts';
import { textOf } from './text-of.ts';

export type Path = readonly PropertyKey[];

/** JSON text that remembers where each value stands, so that a finding can point at it. */
export interface JsonDocument {
  /** Numbers written as `1.0` or `1e3` are `{ "!": "double", "value": 1 }`: RabbitMQ does not take them for integers. */
  readonly value: unknown;
  /** Members that a later one of the same name hides. */
  readonly hiddenMembers: readonly Path[];
  /** Where the value at the path begins; the nearest enclosing value when the path leads nowhere (a missing key). */
  positionOf(path: Path): Position;
}

/** Definitions are four levels deep; the parser is recursive, and its stack is not endless. */
const deepest = 200;

/** The parser needs some forty times as much memory; ten thousand queues are two megabytes. */
export const maxDefinitionsBytes = 16 * 1024 * 1024;

/** Throws an `InvalidJsonError` for anything but JSON in UTF-8. */
export function parseJsonDocument(source: Uint8Array | string): JsonDocument {
  if (source.length > maxDefinitionsBytes) {
    throw new InvalidJsonError(`it is over ${maxDefinitionsBytes} bytes`, { line: 1, column: 1 });
  }
  const text = typeof source === 'string' ? source.replace(/^\uFEFF/, '') : textOf(source);
  refuseDeep(text);
  const { body } = parseOrThrow(text);
  const hiddenMembers: Path[] = [];
  const value = evaluate(body, { text, path: [], hiddenMembers });
  const locate = createLocator(body);
  return { value, hiddenMembers, positionOf: (path) => locate(path).loc.start };
}

function parseOrThrow(text: string): DocumentNode {
  try {
    return parse(text, { mode: 'json' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { line, column, offset } = { line: 1, column: 1, offset: 0, ...error };
    const before = text.slice(0, offset).trimEnd();
    // The comma is the mistake, not the bracket on the line below.
    if (before.endsWith(',') && /[\]}]/.test(text.charAt(offset))) {
      throw new InvalidJsonError('nothing follows this comma', positionAfter(before.slice(0, -1)));
    }
    // The parser stops at the last token that it read, or at none; what is missing is missing behind it.
    if (isLastToken(text.slice(offset)) || /end of input/.test(error.message)) {
      if (isCutOff(text)) throw new InvalidJsonError('the text ends too early', positionAfter(text.trimEnd()));
    }
    throw new InvalidJsonError(reasonOf(error.message, text), { line, column });
  }
}

/** What the parser calls the tokens that stand for themselves. */
const symbols: Readonly<Record<string, string>> = {
  LBrace: '{',
  RBrace: '}',
  LBracket: '[',
  RBracket: ']',
  Comma: ',',
  Colon: ':',
};

/** In the words of somebody who looks at the file. Words of the text stay out of it: an unquoted password would be one. */
function reasonOf(message: string, text: string): string {
  if (text.trim() === '') return 'the file is empty';
  const [, token] = /token (\w+) found/.exec(message) ?? [];
  if (token === undefined) return message.replace(/\s*\(\d+:\d+\)$/, '').replace(/(identifier) '.*'/s, '$1');
  const what = symbols[token] ?? `this ${token.toLowerCase()}`;
  return `${what} does not belong here; perhaps a comma, a colon or a bracket is missing in front of it`;
}

function isLastToken(rest: string): boolean {
  return /^("(?:[^"\\]|\\.)*"?|[^\s[\]{},:"]+|[[\]{},:])?\s*$/.test(rest);
}

const nesting: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

function refuseDeep(text: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    if (character === '"') inString = !inString;
    if (!inString) depth += nesting[character ?? ''] ?? 0;
    if (depth > deepest) {
      throw new InvalidJsonError(`it is nested over ${deepest} deep`, positionAfter(text.slice(0, at)));
    }
  }
}

interface Evaluation {
  readonly text: string;
  readonly path: Path;
  readonly hiddenMembers: Path[];
}

function evaluate(node: ValueNode, evaluation: Evaluation): unknown {
  const { text, path } = evaluation;
  switch (node.type) {
    case 'Object':
      return evaluateObject(node, evaluation);
    case 'Array':
      return node.elements.map(({ value }, at) => evaluate(value, { ...evaluation, path: [...path, at] }));
    case 'Number': {
      const isDouble = /[.eE]/.test(text.slice(node.loc.start.offset, node.loc.end.offset));
      return isDouble && Number.isInteger(node.value) ? { '!': 'double', value: node.value } : node.value;
    }
    case 'String':
    case 'Boolean':
      return node.value;
    default:
      return null;
  }
}

/** From entries, because a member called `__proto__` is one like any other. */
function evaluateObject({ members }: ObjectNode, evaluation: Evaluation): object {
  const entries = members.map(({ name, value }): [string, unknown] => {
    const path = [...evaluation.path, keyOf(name)];
    return [keyOf(name), evaluate(value, { ...evaluation, path })];
  });
  const result = Object.fromEntries(entries);
  if (Object.keys(result).length < entries.length) {
    const groups = Map.groupBy(entries, ([key]) => key);
    for (const [key, { length }] of groups) if (length > 1) evaluation.hiddenMembers.push([...evaluation.path, key]);
  }
  return result;
}

function keyOf(name: ObjectNode['members'][number]['name']): string {
  return name.type === 'String' ? name.value : name.name;
}

/** Finds the node at a path; each object's members are indexed once, because one object may have a finding for every member. */
function createLocator(body: ValueNode): (path: Path) => ValueNode {
  const indices = new WeakMap<ObjectNode, ReadonlyMap<PropertyKey, ValueNode>>();
  const membersOf = (node: ObjectNode): ReadonlyMap<PropertyKey, ValueNode> => {
    // Of two members with one name the last counts, here as in the value.
    const index = indices.get(node) ?? new Map(node.members.map(({ name, value }) => [keyOf(name), value]));
    indices.set(node, index);
    return index;
  };
  const childOf = (node: ValueNode, step: PropertyKey): ValueNode | undefined => {
    if (node.type === 'Array' && typeof step === 'number') return node.elements[step]?.value;
    return node.type === 'Object' ? membersOf(node).get(step) : undefined;
  };
  return (path) => {
    let node = body;
    for (const step of path) {
      const child = childOf(node, step);
      if (!child) return node;
      node = child;
    }
    return node;
  };
}

/** `queues[2].arguments.x-message-ttl` */
export function formatPath(path: Path): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
