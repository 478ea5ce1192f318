import { CfnParameter } from 'aws-cdk-lib';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { DAY, wellFormedApp } from './well-formed-app.ts';

const withExpiry = (expiry: string) => ({
  variables: { IDEMPOTENCY_TABLE: 'idempotency', IDEMPOTENCY_EXPIRES_AFTER_SECONDS: expiry },
});

describe('the expiry of idempotency records', () => {
  it('is refused when it equals retention plus dead-letter retention', () => {
    const { app, cfnFunction } = wellFormedApp();

    cfnFunction.environment = withExpiry(String(18 * DAY));

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-IdempotencyExpiry',
        path: 'Stateless/OrdersConsumer/Resource',
        problem:
          'IDEMPOTENCY_EXPIRES_AFTER_SECONDS is 1555200, but a message of Stateful/Orders/Resource can come back for 1555200 s ' +
          '(retention, dead-letter retention)',
        fix: 'set IDEMPOTENCY_EXPIRES_AFTER_SECONDS above 1555200, computed from the same config as the retentions',
      },
    ]);
  });

  it.each([['a day'], ['']])('is refused when it is %j', (expiry) => {
    const { app, cfnFunction } = wellFormedApp();

    cfnFunction.environment = withExpiry(expiry);

    expect(violationsIn(app)).toMatchObject([
      { rule: 'Warren-IdempotencyExpiry', problem: expect.stringContaining(`it is ${JSON.stringify(expiry)}`) },
    ]);
  });

  it('is refused when it is missing beside an idempotency table, and not asked for without one', () => {
    const { app, cfnFunction } = wellFormedApp();

    cfnFunction.environment = { variables: { IDEMPOTENCY_TABLE: 'idempotency' } };
    expect(violationsIn(app)).toMatchObject([
      {
        path: 'Stateless/OrdersConsumer/Resource',
        problem: expect.stringContaining(
          'IDEMPOTENCY_EXPIRES_AFTER_SECONDS of Stateless/OrdersConsumer/Resource is not known at synth',
        ),
        fix: expect.stringContaining('give a literal value'),
      },
    ]);

    cfnFunction.environment = { variables: { ORDERS_TABLE: 'orders' } };
    expect(violationsIn(app)).toEqual([]);
  });

  it('is refused when only a deployment knows it', () => {
    const { app, stateless, cfnFunction } = wellFormedApp();

    cfnFunction.environment = withExpiry(new CfnParameter(stateless, 'Expiry').valueAsString);

    expect(violationsIn(app)).toMatchObject([{ problem: expect.stringContaining('{"Ref":"Stateless/Expiry"}') }]);
  });

  it('grows with the retention of the queue in the other stack', () => {
    const { app, cfnQueue } = wellFormedApp();

    cfnQueue.messageRetentionPeriod = 4 * DAY + 1;

    expect(violationsIn(app)).toMatchObject([{ problem: expect.stringContaining('can come back for 1555201 s') }]);
  });
});
