import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** By a schedule, for a function that finds its work itself. A second try of a run would only go on beside the next one: there is none. */
export function runEvery(scope: Construct, id: string, fn: IFunction, interval: Duration): void {
  const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  fn.configureAsyncInvoke(once);
  const rule = new Rule(scope, id, { schedule: Schedule.rate(interval), targets: [new LambdaTarget(fn, once)] });
  const reason = 'A run that is lost holds nothing: the next one looks for the same.';
  Validations.of(fn).acknowledge({ id: 'Serverless::Serverless-LambdaAsyncFailureDestination', reason });
  Validations.of(rule).acknowledge({ id: 'Serverless::Serverless-EventBusDLQ', reason });
}

/** Once a day, besides, with an event that says so. */
export function runDaily(
  scope: Construct,
  id: string,
  fn: IFunction,
  { utcHour, event }: { readonly utcHour: number; readonly event: object },
): void {
  const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1), event: RuleTargetInput.fromObject(event) };
  const rule = new Rule(scope, id, {
    schedule: Schedule.cron({ minute: '0', hour: String(utcHour) }),
    targets: [new LambdaTarget(fn, once)],
  });
  const reason = 'A run that is lost is missed by whoever expects its message: that is what it is for.';
  Validations.of(rule).acknowledge({ id: 'Serverless::Serverless-EventBusDLQ', reason });
}
