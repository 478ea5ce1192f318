import { CfnParameter } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { consumerOf, l1, wellFormedApp } from './well-formed-app.ts';

describe('the visibility timeout', () => {
  it('is refused one second below six times timeout plus window', () => {
    const { app, cfnQueue } = wellFormedApp();

    cfnQueue.visibilityTimeout = 179;

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-VisibilityTimeout',
        path: 'Stateful/Orders/Resource',
        problem:
          'the visibility timeout is 179 s, but Stateless/OrdersConsumer/Resource (timeout 20 s, batching window 10 s) ' +
          'needs 6 × (timeout + window) = 180 s',
        fix: "set VisibilityTimeout to at least 180 s, or shorten the function's timeout",
      },
    ]);
  });

  it('passes at exactly six times, and below without the window', () => {
    const { app, cfnQueue, cfnMapping } = wellFormedApp();
    expect(violationsIn(app)).toEqual([]);

    cfnQueue.visibilityTimeout = 120;
    cfnMapping.maximumBatchingWindowInSeconds = undefined;

    expect(violationsIn(app)).toEqual([]);
  });

  it('is 30 s when none is set, and the function timeout 3 s', () => {
    const { app, cfnQueue, cfnMapping, cfnFunction } = wellFormedApp();
    cfnQueue.visibilityTimeout = undefined;
    cfnFunction.timeout = undefined;

    cfnMapping.maximumBatchingWindowInSeconds = 2;
    expect(violationsIn(app)).toEqual([]);

    cfnMapping.maximumBatchingWindowInSeconds = 3;
    expect(violationsIn(app)).toMatchObject([
      { problem: expect.stringMatching(/is 30 s, .* \(timeout 3 s, batching window 3 s\) .* 36 s/) },
    ]);
  });

  it('must do for each function that consumes the queue', () => {
    const { app, stateless, queue } = wellFormedApp();
    const { fn } = consumerOf(stateless, 'Slow', queue);

    l1(fn, CfnFunction.isCfnFunction).timeout = 21;

    expect(violationsIn(app)).toMatchObject([
      {
        rule: 'Warren-VisibilityTimeout',
        problem: expect.stringContaining('Stateless/SlowConsumer/Resource (timeout 21 s'),
      },
    ]);
  });

  it('counts as given by a property override', () => {
    const { app, cfnQueue } = wellFormedApp();

    cfnQueue.addPropertyOverride('VisibilityTimeout', 20);

    expect(violationsIn(app)).toMatchObject([{ problem: expect.stringContaining('the visibility timeout is 20 s') }]);
  });

  it('is refused when only a deployment knows it', () => {
    const { app, stateful, cfnQueue } = wellFormedApp();

    cfnQueue.visibilityTimeout = new CfnParameter(stateful, 'Visibility', { type: 'Number' }).valueAsNumber;

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-VisibilityTimeout',
        path: 'Stateful/Orders/Resource',
        problem:
          'VisibilityTimeout of Stateful/Orders/Resource is not known at synth: it is {"Ref":"Stateful/Visibility"}',
        fix: expect.stringContaining('give a literal value'),
      },
    ]);
  });
});
