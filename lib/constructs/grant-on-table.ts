import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';

/** On the table and nothing else: CDK's own grants add every index of a table that has one, by wildcard. */
export function grantOnTable(fn: IFunction, table: ITable, ...actions: `dynamodb:${string}`[]): void {
  fn.addToRolePolicy(new PolicyStatement({ actions, resources: [table.tableArn] }));
}

/** What it takes to read an index. */
export function grantQueryOnIndex(fn: IFunction, table: ITable, index: string): void {
  const resources = [`${table.tableArn}/index/${index}`];
  fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
}
