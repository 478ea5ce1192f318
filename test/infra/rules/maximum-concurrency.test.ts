import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { queueWithDlq, wellFormedApp } from './well-formed-app.ts';

describe('the maximum concurrency of a mapping', () => {
  it('is required once its function has reserved concurrency', () => {
    const { app, cfnFunction } = wellFormedApp();

    cfnFunction.reservedConcurrentExecutions = 10;

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-MaximumConcurrency',
        path: 'Stateless/OrdersConsumer/Mapping/Resource',
        problem: 'MaximumConcurrency is not set, but Stateless/OrdersConsumer/Resource has reserved concurrency 10',
        fix: 'set ScalingConfig.MaximumConcurrency to at most 10, or drop the reservation',
      },
    ]);
  });

  it('summed over the mappings of a function must fit its reserved concurrency', () => {
    const { app, stateful, fn, cfnFunction, cfnMapping } = wellFormedApp();
    const { queue: other } = queueWithDlq(stateful, 'Other');
    fn.addEventSourceMapping('Second', {
      eventSourceArn: other.queueArn,
      reportBatchItemFailures: true,
      maxConcurrency: 5,
    });
    cfnFunction.reservedConcurrentExecutions = 10;

    cfnMapping.scalingConfig = { maximumConcurrency: 5 };
    expect(violationsIn(app)).toEqual([]);

    cfnMapping.scalingConfig = { maximumConcurrency: 6 };
    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-ReservedConcurrency',
        path: 'Stateless/OrdersConsumer/Resource',
        problem:
          'reserved concurrency is 10, but its mappings may run 11 batches at once ' +
          '(Stateless/OrdersConsumer/Mapping/Resource, Stateless/OrdersConsumer/Second/Resource)',
        fix: 'reserve at least 11, or lower MaximumConcurrency of the mappings',
      },
    ]);
  });

  it('may be anything while nothing is reserved', () => {
    const { app, cfnMapping } = wellFormedApp();

    cfnMapping.scalingConfig = { maximumConcurrency: 1000 };

    expect(violationsIn(app)).toEqual([]);
  });
});
