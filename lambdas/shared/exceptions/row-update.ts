import { UpdateCommand } from '@aws-sdk/lib-dynamodb';

type Attributes = Readonly<Record<string, unknown>>;

/** One update of one row, by names and values. Undefined values are left out. */
export interface RowUpdate {
  readonly key: { readonly event_id: string; readonly source: string };
  readonly set?: Attributes | undefined;
  /** Only where the row has no such attribute yet. */
  readonly setOnce?: Attributes | undefined;
  readonly remove?: readonly string[] | undefined;
  /** Each is one more. */
  readonly add?: readonly string[] | undefined;
  /** To the end of a list, which begins with it. */
  readonly append?: Attributes | undefined;
  /** Values the row must have. */
  readonly onlyIf?: Attributes | undefined;
  /** Values the row must not have. */
  readonly unless?: { readonly name: string; readonly values: readonly string[] } | undefined;
  /** Or there must be no row. */
  readonly orNew?: boolean | undefined;
}

/** Answers the row as it was. Every name and value is a placeholder: none can be a reserved word. */
export function rowUpdate(TableName: string, update: RowUpdate): UpdateCommand {
  const {
    key,
    set = {},
    setOnce = {},
    remove = [],
    add = [],
    append = {},
    onlyIf = {},
    unless,
    orNew = false,
  } = update;
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const named = (name: string): string => {
    names[`#${name}`] = name;
    return `#${name}`;
  };
  const placed = (placeholder: string, value: unknown): string => {
    values[`:${placeholder}`] = value;
    return `:${placeholder}`;
  };
  const assignments = [
    ...given(set).map(([name, value]) => `${named(name)} = ${placed(name, value)}`),
    ...given(setOnce).map(([name, value]) => `${named(name)} = if_not_exists(${named(name)}, ${placed(name, value)})`),
    ...given(append).map(([name, value]) => {
      const begun = `if_not_exists(${named(name)}, ${placed('none', [])})`;
      return `${named(name)} = list_append(${begun}, ${placed(name, [value])})`;
    }),
  ];
  const clauses = [
    assignments.length > 0 && `SET ${assignments.join(', ')}`,
    remove.length > 0 && `REMOVE ${remove.map(named).join(', ')}`,
    add.length > 0 && `ADD ${add.map((name) => `${named(name)} ${placed('one', 1)}`).join(', ')}`,
  ];
  const held = [
    ...given(onlyIf).map(([name, value]) => `${named(name)} = ${placed(`was_${name}`, value)}`),
    ...(unless?.values ?? []).map((value, at) => `${named(unless?.name ?? '')} <> ${placed(`not_${at}`, value)}`),
  ];
  const condition = held.join(' AND ');
  return new UpdateCommand({
    TableName,
    Key: key,
    UpdateExpression: clauses.filter(Boolean).join(' '),
    ...(held.length > 0 && {
      ConditionExpression: orNew ? `attribute_not_exists(${named('event_id')}) OR (${condition})` : condition,
    }),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ReturnValues: 'ALL_OLD',
  });
}

function given(attributes: Attributes): [string, unknown][] {
  return Object.entries(attributes).filter(([, value]) => value !== undefined);
}
