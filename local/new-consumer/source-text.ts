import { type Expression, type ModuleItem, type ObjectExpression, parseSync } from '@swc/core';
import { RefusedError } from './errors.ts';

/** A source file of the project, to which members of objects and imports are added; what is in it stays as it is. */
export class SourceText {
  private readonly path: string;
  private readonly bytes: Buffer;
  private readonly items: readonly ModuleItem[];
  /** swc counts in bytes from a number of its own. */
  private readonly base: number;
  private readonly insertions: { readonly at: number; readonly text: string }[] = [];

  /** Throws a `RefusedError` for what is not TypeScript. */
  constructor(path: string, text: string) {
    this.path = path;
    // The first statement is ours: a module's span begins with its first statement, not with a comment before it.
    this.bytes = Buffer.from(`;${text}`);
    try {
      const { span, body } = parseSync(this.bytes.toString(), { syntax: 'typescript' });
      this.base = span.start;
      this.items = body;
    } catch (error) {
      throw new RefusedError(1, `${path} is no TypeScript as it stands: mend it first (npm run types says where)`, {
        cause: error,
      });
    }
  }

  /** Whether the constant, or what stands under these names in it, is an object. */
  hasObject(names: readonly [string, ...string[]]): boolean {
    return this.find(names) !== undefined;
  }

  /** Behind what the object spreads, else as its first member: `names` lead to it from a constant of the file. */
  addMember(names: readonly [string, ...string[]], member: string): void {
    const found = this.find(names);
    if (!found) throw new RefusedError(1, `${this.path} has no object ${names.join('.')} to add a line to`);
    const spread = found.properties.find((property) => property.type === 'SpreadElement');
    if (spread) this.insert(endOf(spread.arguments), `, ${member}`);
    else this.insert(found.span.start + 1, `\n${member},`);
  }

  /** Behind the last import; `biome check` brings it into its order. */
  addImport(line: string): void {
    const last = this.items.findLast((item) => item.type === 'ImportDeclaration');
    if (!last) throw new RefusedError(1, `${this.path} has no imports to add one to`);
    this.insert(last.span.end, `\n${line}`);
  }

  toString(): string {
    const parts: Buffer[] = [];
    let from = 1;
    for (const { at, text } of this.insertions.toSorted((one, other) => one.at - other.at)) {
      parts.push(this.bytes.subarray(from, at), Buffer.from(text));
      from = at;
    }
    return Buffer.concat([...parts, this.bytes.subarray(from)]).toString();
  }

  private insert(position: number, text: string): void {
    this.insertions.push({ at: position - this.base, text });
  }

  private find([constant, ...names]: readonly [string, ...string[]]): ObjectExpression | undefined {
    let found = objectIn(this.items.map((item) => initialiserOf(item, constant)).find((one) => one !== undefined));
    for (const name of names) found = objectIn(found && memberOf(found, name));
    return found;
  }
}

function initialiserOf(item: ModuleItem, constant: string): Expression | undefined {
  const declaration = item.type === 'ExportDeclaration' ? item.declaration : item;
  if (declaration.type !== 'VariableDeclaration') return undefined;
  const declared = declaration.declarations.find(({ id }) => id.type === 'Identifier' && id.value === constant);
  return declared?.init ?? undefined;
}

function memberOf({ properties }: ObjectExpression, name: string): Expression | undefined {
  for (const property of properties) {
    if (property.type !== 'KeyValueProperty') continue;
    const { key, value } = property;
    if ((key.type === 'Identifier' || key.type === 'StringLiteral') && key.value === name) return value;
  }
  return undefined;
}

/** Through `as const` and `satisfies …`. */
function objectIn(expression: Expression | undefined): ObjectExpression | undefined {
  switch (expression?.type) {
    case 'ObjectExpression':
      return expression;
    case 'TsAsExpression':
    case 'TsConstAssertion':
    case 'TsSatisfiesExpression':
      return objectIn(expression.expression);
    default:
      return undefined;
  }
}

function endOf(expression: Expression): number {
  if ('span' in expression) return expression.span.end;
  throw new Error(`an expression without a place: ${expression.type}`);
}
