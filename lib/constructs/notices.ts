import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { NoticesEnv } from '../../lambdas/shared/notices/env.ts';
import type { Config } from '../config-shape.ts';
import type { Exceptions } from './exceptions.ts';
import { grantOnTable, grantQueryOnIndex } from './grant-on-table.ts';
import type { NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';

/** What both functions that tell on-call of exceptions are given. */
export interface NoticesProps extends Omit<NodeFunctionProps, 'folder' | 'environment'> {
  readonly stage: string;
  readonly notices: ITable;
  readonly exceptions: Exceptions;
  readonly onCall: OnCall;
  readonly config: Pick<Config, 'onCall' | 'functions'>;
}

export function noticesEnvironment(props: NoticesProps): Record<keyof NoticesEnv, string> {
  const { stage, notices, exceptions, onCall, config } = props;
  const { exceptionNotices, onCallWatch } = config.functions;
  const longest = Math.max(...[exceptionNotices, onCallWatch].map(({ timeout }) => timeout.toSeconds()));
  return {
    ...exceptions.environment,
    NOTICES_TABLE: notices.tableName,
    ON_CALL_TOPIC_ARN: onCall.topic.topicArn,
    STAGE: stage,
    NOTICE_WINDOW_SECONDS: String(config.onCall.noticeWindow.toSeconds()),
    ESCALATE_AFTER_SECONDS: String(config.onCall.escalateAfter.toSeconds()),
    // Clocks of two functions may differ.
    NOTICE_LEASE_SECONDS: String(Duration.seconds(longest + 10).toSeconds()),
  };
}

export function grantNotices(fn: IFunction, { notices, exceptions, onCall }: NoticesProps): void {
  grantOnTable(fn, notices, 'dynamodb:GetItem', 'dynamodb:PutItem');
  grantQueryOnIndex(fn, exceptions.table, 'ByFingerprint');
  grantOnTopic(fn, onCall, 'sns:Publish');
}

export function grantOnTopic(fn: IFunction, { topic }: OnCall, ...actions: `sns:${string}`[]): void {
  fn.addToRolePolicy(new PolicyStatement({ actions, resources: [topic.topicArn] }));
}
