import type { SQSBatchResponse } from 'aws-lambda';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { invoke } from '../support/invoke.ts';
import { sqsEvent } from '../support/sqs-event.ts';
import { givenOrder, paymentOf, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs } = deployment;

describe('a batch of ten with one record that fails', () => {
  it('reports that record alone, and the nine others are applied once however often the batch comes', async () => {
    const payments = await Promise.all(Array.from({ length: 9 }, () => givenOrder(deployment)));
    const bodies = payments.map((payment) => JSON.stringify(payment));
    const event = sqsEvent(...bodies.slice(0, 4), JSON.stringify(paymentOf('never-ordered')), ...bodies.slice(4));

    for (let time = 0; time < 2; time++) {
      const { answer, failed } = await invoke(lambda, outputs.OrdersFunction, event);

      expect(failed).toBe(false);
      expect(answer).toEqual({
        batchItemFailures: [{ itemIdentifier: event.Records[4]?.messageId }],
      } satisfies { batchItemFailures: { itemIdentifier: string | undefined }[] });
    }

    const seen = await Promise.all(payments.map(({ out_trade_no }) => observeOrder(deployment, out_trade_no)));
    expect(seen.map(eventsOf)).toEqual(Array(9).fill(['order.created', 'order.paid']));
    expect(seen.map(({ state }) => state)).toEqual(Array(9).fill('PAID'));
  });

  it('applies a payment once that is in the batch twice, and acks both', async () => {
    const payment = await givenOrder(deployment);
    const body = JSON.stringify(payment);

    const { answer } = await invoke(lambda, outputs.OrdersFunction, sqsEvent(body, body));

    expect(answer).toEqual({ batchItemFailures: [] } satisfies SQSBatchResponse);
    const seen = await observeOrder(deployment, payment.out_trade_no);
    expect(eventsOf(seen)).toEqual(['order.created', 'order.paid']);
  });
});
