import { CfnOutput } from 'aws-cdk-lib';
import { ExceptionNotices } from '../constructs/exception-notices.ts';
import type { NoticesProps } from '../constructs/notices.ts';
import { OnCallWatch } from '../constructs/on-call-watch.ts';
import { OnCallWebhook } from '../constructs/on-call-webhook.ts';
import type { OnCallWebhook as Webhook } from '../on-call-context.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import type { Stage } from '../stages.ts';

/** The functions that tell on-call of exceptions, and the group chat that hears what on-call hears, if there is one. */
export function addOnCall(
  stack: StatelessStack,
  { notices, exceptions, onCall, escalation }: StatefulStack,
  { stage, webhook }: { readonly stage: Stage; readonly webhook: Webhook | undefined },
): void {
  const { config } = stack;
  const common: Omit<NoticesProps, 'memoryMiB' | 'timeout'> = {
    ...stack.common,
    ...{ stage, notices, exceptions, onCall, config },
  };
  const deadLetters = { retention: config.deadLetters.retention, removalPolicy: config.removalPolicy };
  const tells = new ExceptionNotices(stack, 'ExceptionNotices', {
    ...config.functions.exceptionNotices,
    ...common,
    deadLetters,
  });
  const watch = new OnCallWatch(stack, 'OnCallWatch', { ...config.functions.onCallWatch, ...common, escalation });
  new CfnOutput(stack, 'ExceptionNoticesFunction', { value: tells.fn.functionName });
  new CfnOutput(stack, 'OnCallWatchFunction', { value: watch.fn.functionName });
  if (!webhook) return;
  const { fn } = new OnCallWebhook(stack, 'OnCallWebhook', {
    ...config.functions.onCallWebhook,
    ...stack.common,
    webhook,
    config: config.onCall.webhook,
    retention: config.queues.retention,
    deadLetterRetention: config.deadLetters.retention,
    removalPolicy: config.removalPolicy,
    ...{ onCall, escalation },
  });
  new CfnOutput(stack, 'OnCallWebhookFunction', { value: fn.functionName });
}
