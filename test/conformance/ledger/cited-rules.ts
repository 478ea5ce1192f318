import { type CallExpression, type Expression, type Node, parseSync } from '@swc/core';
import { rulesIn, withoutCitations } from './citations.ts';

/** A test, or a group of tests, that says which rules it holds. */
export interface Citation {
  readonly rules: readonly string[];
  /** From the project's root. */
  readonly file: string;
  /** The titles of its groups and its own, without the rules. */
  readonly title: string;
}

/**
 * Reads a test file without running it. Rules are cited by the titles of `describe` and `it`, and by the first text in a row of their
 * `each` tables: a citation as in a title, or the bare number where the title says `rule %s`. What is skipped cites nothing.
 */
export function citedRules(file: string, source: string): Citation[] {
  const { body } = parseSync(source, { syntax: 'typescript' });
  const constants = constantsIn(body);
  return blocksIn(body).flatMap((block) => citationsOf(block, []));

  function citationsOf({ title, rows, children }: Block, groups: readonly string[]): Citation[] {
    const path = [...groups, withoutCitations(title)];
    const cited = (rules: readonly string[], last = title): Citation[] =>
      rules.length === 0 ? [] : [{ rules, file, title: [...groups, withoutCitations(last)].join(' › ') }];
    const cells = rows ? firstTexts(resolve(rows)) : [];
    const bare = /\brules? %s/.test(title) ? cells.filter((cell) => /^\d+(\.\d+)+$/.test(cell)) : [];
    return [
      ...cited([...new Set([...rulesIn(title), ...bare])]),
      ...cells.flatMap((cell) => cited(rulesIn(cell), title.replace('%s', cell))),
      ...children.flatMap((child) => citationsOf(child, path)),
    ];
  }

  function resolve(expression: Expression): Expression {
    switch (expression.type) {
      case 'TsAsExpression':
      case 'TsConstAssertion':
      case 'TsSatisfiesExpression':
      case 'ParenthesisExpression':
        return resolve(expression.expression);
      case 'Identifier': {
        const constant = constants.get(expression.value);
        return constant ? resolve(constant) : expression;
      }
      default:
        return expression;
    }
  }

  function firstTexts(table: Expression): string[] {
    if (table.type !== 'ArrayExpression') return [];
    return table.elements.flatMap((element) => {
      const row = element && resolve(element.expression);
      if (row?.type === 'StringLiteral') return [row.value];
      if (row?.type !== 'ArrayExpression') return [];
      const cells = row.elements.flatMap((cell) =>
        cell?.expression.type === 'StringLiteral' ? [cell.expression] : [],
      );
      return cells.slice(0, 1).map(({ value }) => value);
    });
  }
}

interface Block {
  readonly title: string;
  /** The table of an `each`. */
  readonly rows: Expression | undefined;
  readonly children: readonly Block[];
}

/** The outermost blocks in a part of the syntax tree. */
function blocksIn(part: unknown): Block[] {
  if (Array.isArray(part)) return part.flatMap(blocksIn);
  if (!isNode(part)) return [];
  const called = part.type === 'CallExpression' ? (part as CallExpression) : undefined;
  const [kind = '', ...modifiers] = called ? namesIn(called.callee) : [];
  if (!called || !/^(describe|it|test)$/.test(kind)) return Object.values(part).flatMap(blocksIn);
  return modifiers.includes('skip') || modifiers.includes('todo') ? [] : [blockOf(called)];
}

/** `describe.skip.each(rows)` as describe, skip, each. */
function namesIn(callee: CallExpression['callee']): string[] {
  switch (callee.type) {
    case 'Identifier':
      return [callee.value];
    case 'MemberExpression':
      return [...namesIn(callee.object), callee.property.type === 'Identifier' ? callee.property.value : ''];
    case 'CallExpression':
      return namesIn(callee.callee);
    default:
      return [''];
  }
}

function blockOf({ callee, arguments: [title, ...rest] }: CallExpression): Block {
  return {
    title: title ? textOf(title.expression) : '',
    rows: callee.type === 'CallExpression' ? callee.arguments[0]?.expression : undefined,
    children: blocksIn(rest),
  };
}

function textOf(expression: Expression): string {
  if (expression.type === 'StringLiteral') return expression.value;
  return expression.type === 'TemplateLiteral' ? expression.quasis.map(({ cooked }) => cooked ?? '').join('…') : '…';
}

function constantsIn(part: unknown): Map<string, Expression> {
  const found = new Map<string, Expression>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (!isNode(node) || Array.isArray(node)) return;
    if (node.type === 'VariableDeclarator') {
      const { id, init } = node as Node & { id: Expression; init?: Expression | null };
      if (id.type === 'Identifier' && init) found.set(id.value, init);
    }
    Object.values(node).forEach(visit);
  };
  visit(part);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
