import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/daily-bill/env.ts';
import { alarmAbove } from './alarm-above.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';

export const folder = 'daily-bill';

export interface DailyBillProps extends Omit<NodeFunctionProps, 'folder' | 'environment' | 'files'> {
  readonly environment: Record<keyof Env, string>;
  /** WeChat Pay writes the bill of a day from 9:00 of Beijing on, and asks to be asked after 10:00: 02:00 UTC. */
  readonly at: { readonly utcHour: number; readonly utcMinute: number };
  readonly onCall: OnCall;
}

/** Lambda's own limit (asynchronous invocation). */
const mostRetries = 2;

/** Once a day, compares WeChat Pay's bill of the day before with our orders; on-call hears when no try of a day got to its end. */
export class DailyBill extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, { at, onCall, ...props }: DailyBillProps) {
    super(scope, id);
    const { fn } = new NodeFunction(this, 'Function', { ...props, folder });
    this.fn = fn;
    this.runDaily(at);
    const fails = alarmAbove(this, 'Fails', {
      // All tries of one day lie within: it begins at 02:30 UTC, and periods of six hours at midnight.
      metric: fn.metricErrors({ period: Duration.hours(6) }),
      threshold: mostRetries,
      impact:
        "WeChat Pay's bill of yesterday was not compared with our orders: a payment that nobody notified us of, or that differs, is not found until it is.",
      runbook: '#the-daily-bill-is-not-compared',
    });
    onCall.hearsOf(fails);
  }

  /** A day that is compared again opens no other exceptions: what fails is tried again. */
  private runDaily({ utcHour, utcMinute }: DailyBillProps['at']): void {
    const { fn } = this;
    fn.configureAsyncInvoke({ retryAttempts: mostRetries, maxEventAge: Duration.hours(1) });
    const rule = new Rule(this, 'EveryDay', {
      schedule: Schedule.cron({ minute: String(utcMinute), hour: String(utcHour) }),
      targets: [new LambdaTarget(fn, { maxEventAge: Duration.hours(1), event: RuleTargetInput.fromObject({}) })],
    });
    const reason = 'A run holds nothing: whoever hears that it failed has the day compared again, for three months.';
    Validations.of(fn).acknowledge({ id: 'Serverless::Serverless-LambdaAsyncFailureDestination', reason });
    Validations.of(rule).acknowledge({ id: 'Serverless::Serverless-EventBusDLQ', reason });
  }
}
