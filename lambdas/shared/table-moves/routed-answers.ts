import { type Fields, fieldsOf, listOf, textIn } from './fields.ts';
import type { Routed } from './routed-commands.ts';
import type { RoutedTable } from './routes.ts';

/** Of a page, the key it ends at; of an index it has the index's own attributes too. */
export function routedPages(input: Fields, route: RoutedTable): Routed {
  const { ExclusiveStartKey: start } = input;
  return {
    input: {
      ...input,
      TableName: route.targetName,
      ...(start !== undefined && { ExclusiveStartKey: toTargetKey(fieldsOf(start), route) }),
    },
    toAnswer(output) {
      const { Items: items, LastEvaluatedKey: last } = output;
      return {
        ...output,
        ...(items !== undefined && { Items: listOf(items).map((item) => stripped(item, route)) }),
        ...(last !== undefined && { LastEvaluatedKey: toSourceKey(fieldsOf(last), route) }),
      };
    },
  };
}

/** What a write answers of the item, when asked. */
export function attributesOf(route: RoutedTable): Routed['toAnswer'] {
  return (output) =>
    output['Attributes'] ? { ...output, Attributes: stripped(fieldsOf(output['Attributes']), route) } : output;
}

/** Without what it has at the target only. */
export function stripped(item: Fields, { mapping }: RoutedTable): Fields {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !mapping.derived.includes(name)));
}

export function toTargetKey(key: Fields, { mapping }: RoutedTable): Fields {
  return { ...without(key, mapping.source), ...mapping.toTarget(textIn(key)) };
}

function toSourceKey(key: Fields, { mapping }: RoutedTable): Fields {
  return { ...without(key, mapping.derived), ...mapping.toSource(textIn(key)) };
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
