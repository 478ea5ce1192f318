import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { tablesOf, tellWhereItIs } from './moving-tables.ts';

/** On the table and nothing else: CDK's own grants add every index of a table that has one, by wildcard. One that moves is two. */
export function grantOnTable(fn: IFunction, table: ITable, ...actions: `dynamodb:${string}`[]): void {
  fn.addToRolePolicy(new PolicyStatement({ actions, resources: tablesOf(table).map(({ tableArn }) => tableArn) }));
  tellWhereItIs(fn, table);
}

/** What it takes to read an index. */
export function grantQueryOnIndex(fn: IFunction, table: ITable, index: string): void {
  const resources = tablesOf(table).map(({ tableArn }) => `${tableArn}/index/${index}`);
  fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
  tellWhereItIs(fn, table);
}
