import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import type { WechatPaySimulator } from '../../local/wechat-pay-simulator/simulator.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { givenOrder, startSimulator, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
let simulator: WechatPaySimulator;

beforeAll(async () => {
  simulator = await startSimulator(deployment);
});

function deadLettersOf(out_trade_no: string) {
  return messagesWith(deployment, deployment.queueUrl('dead-letters'), out_trade_no, 20_000);
}

describe('a rightly signed payment that does not fit its order', () => {
  it('is dead-lettered and leaves the order PAYING when the amount is wrong', async () => {
    const { out_trade_no } = await givenOrder(deployment, 8800);

    await simulator.notify({ out_trade_no, total: 1 });

    expect(await deadLettersOf(out_trade_no)).toHaveLength(1);
    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen.state).toBe('PAYING');
    expect(eventsOf(seen)).toEqual(['order.created']);
  });

  it('does not keep the right payment from being applied afterwards', async () => {
    const { out_trade_no, transaction_id } = await givenOrder(deployment, 8800);
    await simulator.notify({ out_trade_no, transaction_id, total: 1 });
    await deadLettersOf(out_trade_no);

    await simulator.notify({ out_trade_no, transaction_id, total: 8800 });

    const paid = await eventually(
      () => observeOrder(deployment, out_trade_no),
      ({ state }) => state === 'PAID',
      20_000,
    );
    expect(paid).toMatchObject({ state: 'PAID', transaction_id });
    expect(eventsOf(paid)).toEqual(['order.created', 'order.paid']);
  });

  it('is dead-lettered when another payment paid the order before: that money must come back', async () => {
    const { out_trade_no, transaction_id } = await givenOrder(deployment, 8800);
    await simulator.notify({ out_trade_no, transaction_id, total: 8800 });
    await eventually(
      () => observeOrder(deployment, out_trade_no),
      ({ state }) => state === 'PAID',
      20_000,
    );

    await simulator.notify({ out_trade_no, total: 8800 });

    expect(await deadLettersOf(out_trade_no)).toHaveLength(1);
    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen).toMatchObject({ state: 'PAID', transaction_id });
    expect(eventsOf(seen)).toEqual(['order.created', 'order.paid']);
  });
});
