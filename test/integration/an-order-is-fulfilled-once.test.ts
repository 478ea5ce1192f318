import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '../../local/eventually.ts';
import type { Behaviour } from '../../local/merchant/fulfilments.ts';
import { merchantClient, type SeenRequests } from '../../local/merchant/merchant-client.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { deployedCode, replaceCode, withEntry } from '../support/function-code.ts';
import { invoke } from '../support/invoke.ts';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { sqsEvent } from '../support/sqs-event.ts';
import { givenOrder, startSimulator, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, sqs, outputs } = deployment;
const source = deployment.queueUrl('fulfilment.requests');
const merchant = merchantClient(merchantUrl());

/** An order that nobody else has, and the event that it is paid. */
function paidOrder() {
  const out_trade_no = `F-${randomUUID().slice(0, 18)}`;
  const event = {
    out_trade_no,
    state: 'PAID',
    version: 2,
    amount: { total: 8800, currency: 'CNY' },
    transaction_id: '4200000000202611230000000009',
    changed_at: '2026-11-23T10:00:00+08:00',
  };
  return { out_trade_no, body: JSON.stringify(event) };
}

async function send(body: string): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: body }));
}

function effectsIn(seen: SeenRequests): number {
  return seen.filter(({ effect }) => effect).length;
}

function keysIn(seen: SeenRequests): (string | undefined)[] {
  return [...new Set(seen.map(({ idempotency_key }) => idempotency_key))];
}

async function lettersOf(out_trade_no: string, withinMs = 0) {
  return messagesWith(deployment, deployment.queueUrl('dead-letters'), out_trade_no, withinMs);
}

describe('a paid order whose message comes more than once', () => {
  it('is one request to the merchant when the messages come one after another', async () => {
    const { out_trade_no, body } = paidOrder();

    for (let time = 0; time < 3; time++) {
      await send(body);
      expect(await drained(deployment, source)).toBe(0);
    }

    expect(await merchant.requestsOf(out_trade_no)).toMatchObject([
      { idempotency_key: `fulfilment:${out_trade_no}`, answer: 200, effect: true },
    ]);
  });

  it('is one request when ten come at the same moment, and nothing is dead-lettered', async () => {
    const { out_trade_no, body } = paidOrder();

    await Promise.all(Array.from({ length: 10 }, () => send(body)));
    expect(await drained(deployment, source, 60_000)).toBe(0);

    expect(await merchant.requestsOf(out_trade_no)).toMatchObject([{ answer: 200, effect: true }]);
    expect(await lettersOf(out_trade_no)).toEqual([]);
  });

  it('is one request when it is in one batch twice, and both are acked', async () => {
    const { out_trade_no, body } = paidOrder();

    const { answer } = await invoke(lambda, outputs.FulfilmentFunction, sqsEvent(body, body));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await merchant.requestsOf(out_trade_no)).toMatchObject([{ answer: 200, effect: true }]);
  });

  it('is asked for when its payment is notified, once', async () => {
    const simulator = await startSimulator(deployment);
    const { out_trade_no, transaction_id } = await givenOrder(deployment);

    for (let time = 0; time < 2; time++) await simulator.notify({ out_trade_no, transaction_id, total: 8800 });

    const seen = await merchant.untilFulfilled(out_trade_no, 60_000);
    expect(seen).toMatchObject([{ body: { out_trade_no, transaction_id, amount: { total: 8800, currency: 'CNY' } } }]);
  });
});

describe('a merchant of whom nobody hears that the work is done', () => {
  it.each<Behaviour>(['fail-after-work', 'drop-after-work', 'late', 'hang', 'unavailable', 'busy', 'redirect'])(
    'because of %p, is asked again under the same key, and has one effect',
    async (behaviour) => {
      const { out_trade_no, body } = paidOrder();
      await merchant.plan(out_trade_no, behaviour, behaviour);

      await send(body);

      const seen = await eventually(
        () => merchant.requestsOf(out_trade_no),
        (requests) => requests.some(({ answer }) => answer === 200) && requests.length > 2,
        60_000,
      );
      expect(seen.length).toBeGreaterThanOrEqual(3);
      expect(keysIn(seen)).toEqual([`fulfilment:${out_trade_no}`]);
      expect(effectsIn(seen)).toBe(1);
      expect(await drained(deployment, source)).toBe(0);
      expect(await lettersOf(out_trade_no)).toEqual([]);
    },
  );
});

describe('an order that the merchant refuses', () => {
  it('is dead-lettered at once: asked for a single time, not retried', async () => {
    const { out_trade_no, body } = paidOrder();
    await merchant.plan(out_trade_no, 'refuse');

    await send(body);

    const [letter, ...more] = await lettersOf(out_trade_no, 30_000);
    expect([letter?.Body, more]).toEqual([body, []]);
    const { headers } = JSON.parse(letter?.MessageAttributes?.['amqp']?.StringValue ?? '{}');
    expect(headers['x-death']).toMatchObject([{ count: 1, reason: 'rejected', queue: 'fulfilment.requests' }]);
    expect(await drained(deployment, source)).toBe(0);
    expect(await merchant.requestsOf(out_trade_no)).toMatchObject([{ answer: 400, effect: false }]);
  });
});

describe('a fulfilment function that dies when the merchant has answered', () => {
  it('leaves a lock that ends with its time; then the merchant is asked again under the same key, and has one effect', async () => {
    const { out_trade_no, body } = paidOrder();
    const event = sqsEvent(body);
    const code = await deployedCode(lambda, outputs.FulfilmentFunction);
    await replaceCode(lambda, outputs.FulfilmentFunction, await withEntry(code, 'crashing-fulfilment/index.ts'));
    const crashed = await invoke(lambda, outputs.FulfilmentFunction, event).finally(() =>
      replaceCode(lambda, outputs.FulfilmentFunction, code),
    );
    expect(crashed.failed).toBe(true);
    const answers: unknown[] = [];

    await eventually(
      async () => {
        const { answer } = await invoke(lambda, outputs.FulfilmentFunction, event);
        answers.push(answer);
        return JSON.stringify(answer);
      },
      (answer) => answer === '{"batchItemFailures":[]}',
      60_000,
    );

    expect(answers[0]).toEqual({ batchItemFailures: [{ itemIdentifier: event.Records[0]?.messageId }] });
    expect(answers.at(-1)).toEqual({ batchItemFailures: [] });
    const seen = await merchant.requestsOf(out_trade_no);
    expect(seen.map(({ answer, effect }) => [answer, effect])).toEqual([
      [200, true],
      [200, false],
    ]);
    expect(keysIn(seen)).toEqual([`fulfilment:${out_trade_no}`]);
  });
});
