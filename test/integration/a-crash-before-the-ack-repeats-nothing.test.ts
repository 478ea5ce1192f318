import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import { depth } from '../../local/observe.ts';
import { deployedCode, replaceCode, withEntry } from '../support/function-code.ts';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { givenOrder, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, sqs, outputs } = deployment;
const source = deployment.queueUrl('orders.payments');
let code: Uint8Array;

beforeAll(async () => {
  code = await deployedCode(lambda, outputs.OrdersFunction);
});

afterAll(async () => {
  await replaceCode(lambda, outputs.OrdersFunction, code);
});

describe('an orders function that dies after the effect and before the ack', () => {
  it('gets the message again, acks it, and leaves one effect', async () => {
    const payment = await givenOrder(deployment);
    await replaceCode(lambda, outputs.OrdersFunction, await withEntry(code, 'crashing-orders/index.ts'));

    await sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: JSON.stringify(payment) }));
    const crashed = await eventually(
      () => observeOrder(deployment, payment.out_trade_no),
      ({ state }) => state === 'PAID',
      20_000,
    );
    expect(crashed.state).toBe('PAID');
    expect(eventsOf(crashed)).toEqual(['order.created', 'order.paid']);
    expect(await depth(sqs, source)).toBe(1);
    await replaceCode(lambda, outputs.OrdersFunction, code);

    expect(await drained(deployment, source, 60_000)).toBe(0);
    const seen = await observeOrder(deployment, payment.out_trade_no);
    expect(seen).toMatchObject({ state: 'PAID', transaction_id: payment.transaction_id });
    expect(seen.outbox.map(({ event_id }) => event_id)).toEqual(crashed.outbox.map(({ event_id }) => event_id));
    const deadLetterQueue = deployment.deadLetterQueueUrl('orders.payments');
    expect(await messagesWith(deployment, deadLetterQueue, payment.out_trade_no)).toEqual([]);
    expect(await messagesWith(deployment, deployment.queueUrl('dead-letters'), payment.out_trade_no)).toEqual([]);
  });
});
