import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/dead-letters/env.ts';
import type { Given } from '../../lambdas/shared/broker/env.ts';
import type { Config } from '../config-shape.ts';
import { alarmAbove } from './alarm-above.ts';
import { consumeQueue } from './consume-queue.ts';
import { countedBy } from './counted-by.ts';
import type { Exceptions } from './exceptions.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';
import type { QueueWithDeadLetters } from './queue-with-dead-letters.ts';
import { throttleAlarm } from './throttle-alarm.ts';

const folder = 'dead-letters';

export interface DrainedDeadLettersProps extends Omit<NodeFunctionProps, 'folder' | 'environment'> {
  /** Those that consumers of Warren's read. */
  readonly sources: readonly QueueWithDeadLetters[];
  readonly config: Config['drained'];
  readonly exceptions: Exceptions;
  readonly environment: Given<Env>;
  readonly onCall: OnCall;
}

/** Does with what consumers did not survive what they would have done with it: dead letters, or exceptions. On-call hears of each message. */
export class DrainedDeadLetters extends Construct {
  readonly fn: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    { sources, config, exceptions, onCall, ...props }: DrainedDeadLettersProps,
  ) {
    super(scope, id);
    this.fn = new NodeFunction(this, 'Function', { ...props, folder }).fn;
    for (const { deadLetters } of sources) consumeQueue(this.fn, deadLetters.queue, config);
    exceptions.grantOpen(this.fn);
    throttleAlarm(this.fn, folder, onCall);
    const alarm = alarmAbove(this, 'NeverFinished', {
      metric: countedBy(folder, 'MessagesNeverFinished'),
      threshold: 0,
      impact:
        'A consumer crashed, or ran out of time, each time it was handed a message. The message is dead-lettered, or an open row of the exceptions table; others like it may follow: look into the logs of dead-letters for the queue, and of its consumer for why.',
      runbook: '#messages-that-no-try-finished',
    });
    onCall.hearsOf(alarm);
  }
}
