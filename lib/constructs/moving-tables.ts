import { Stack } from 'aws-cdk-lib';
import { AttributeType, type ITable, StreamViewType, type TablePropsV2, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { TableMovesEnv } from '../../lambdas/shared/table-moves/env.ts';
import type { Config } from '../config-shape.ts';
import { targetKeys } from '../table-move-rules.ts';
import { moveTimes, type TableMove } from '../table-moves.ts';

/** A table, and the one it moves to. */
export interface MovingTable {
  readonly move: TableMove;
  readonly sourceKey: readonly string[];
  readonly source: TableV2;
  readonly target: TableV2;
  readonly all: MovingTables;
}

/** The moves of a stage, and the table of their rows. */
export interface MovingTables {
  readonly rows: TableV2;
  readonly tables: MovingTable[];
  readonly config: Pick<Config, 'functions'>;
}

/** By the table that moves: whoever is granted something on it is granted the same on the other. */
const moving = new WeakMap<ITable, MovingTable>();

export function setMoving(table: MovingTable): void {
  moving.set(table.source, table);
}

/** What a table has besides that moves: its changes, to be followed. Of a stream that is there the images are enough. */
export const followed: Pick<TablePropsV2, 'dynamoStream'> = { dynamoStream: StreamViewType.NEW_IMAGE };

/** As the source, but for its key. */
export function targetProps(move: TableMove, source: TablePropsV2): TablePropsV2 {
  const [partition, sort] = targetKeys(move).map(({ name }) => ({ name, type: AttributeType.STRING }));
  const { sortKey: _, ...props } = source;
  return { ...props, ...followed, ...(partition && { partitionKey: partition }), ...(sort && { sortKey: sort }) };
}

export const rowsProps: TablePropsV2 = {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  // Of stamps; rows have none.
  timeToLiveAttribute: 'expires_at',
};

/** The tables that a grant is about: a table that moves is two. */
export function tablesOf(table: ITable): ITable[] {
  const found = moving.get(table);
  return found ? [table, found.target] : [table];
}

/** The tables that say where these are: none, where none of them moves. */
export function rowsOfMoves(tables: readonly ITable[]): ITable[] {
  return [...new Set(tables.flatMap((table) => moving.get(table)?.all.rows ?? []))];
}

/** What a function needs that has to know where a table is. */
export function tellWhereItIs(fn: IFunction, table: ITable): void {
  const found = moving.get(table);
  if (!found) return;
  if (!(fn instanceof LambdaFunction)) throw new Error(`${fn.node.path} cannot be told where ${found.move.table} is`);
  fn.addEnvironment('TABLE_MOVES', movesEnvironment(fn, found.all).TABLE_MOVES);
  fn.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [found.all.rows.tableArn] }));
}

export function movesEnvironment(scope: IConstruct, { rows, tables, config }: MovingTables): TableMovesEnv {
  const times = {
    maxAgeMs: moveTimes.maxAge.toMilliseconds(),
    longestRequestMs: moveTimes.longestRequest.toMilliseconds(),
    followerMs: config.functions.tableFollower.timeout.toMilliseconds(),
    closedAtMostMs: moveTimes.closedAtMost.toMilliseconds(),
  };
  const moves = tables.map(({ move, sourceKey, source, target }) => ({
    table: move.table,
    target: move.to.name,
    keys: { source: sourceKey, target: targetKeys(move) },
    sourceName: source.tableName,
    targetName: target.tableName,
  }));
  return { TABLE_MOVES: Stack.of(scope).toJsonString({ rows: rows.tableName, moves, times }) };
}
