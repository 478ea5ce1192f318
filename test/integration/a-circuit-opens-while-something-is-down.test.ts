import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { eventually } from '../../local/eventually.ts';
import { merchantClient } from '../../local/merchant/merchant-client.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { invoke } from '../support/invoke.ts';
import { newOrderNumber, orderEvent } from '../support/order-events.ts';
import { drained } from '../support/queue-contents.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { documents, lambda, outputs, sqs } = deployment;
const queue = 'fulfilment.requests';
const source = deployment.queueUrl(queue);
const merchant = merchantClient(merchantUrl());
const Key = { source: `arn:aws:sqs:us-east-1:${source.split('/').at(-2)}:${source.split('/').at(-1)}` };

async function circuit() {
  const { Item } = await documents.send(
    new GetCommand({ TableName: outputs.CircuitsTable, Key, ConsistentRead: true }),
  );
  return Item;
}

async function mappingState(): Promise<string | undefined> {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: outputs.FulfilmentFunction }),
  );
  return EventSourceMappings[0]?.State;
}

/** As its schedule does once a minute. */
async function breakerRuns(): Promise<void> {
  expect(await invoke(lambda, outputs.CircuitBreakerFunction, {})).toMatchObject({ failed: false });
}

async function send(orders: readonly string[]): Promise<void> {
  for (let from = 0; from < orders.length; from += 10) {
    const Entries = orders.slice(from, from + 10).map((order, at) => ({
      Id: String(at),
      MessageBody: JSON.stringify({ ...orderEvent(order, 'PAID'), transaction_id: '4200000000202611230000000009' }),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: source, Entries }));
  }
}

async function requestsOf(orders: readonly string[]) {
  return (await pMap(orders, (order) => merchant.requestsOf(order), { concurrency: 10 })).flat();
}

beforeAll(async () => {
  await documents.send(new DeleteCommand({ TableName: outputs.CircuitsTable, Key }));
  expect(await drained(deployment, source)).toBe(0);
});

describe('forty paid orders while the merchant is down', () => {
  const orders = Array.from({ length: 40 }, newOrderNumber);

  it('stop their consumer after some tries; no probe that fails costs one; and each is fulfilled once when it is back', async () => {
    // Of every request until further notice.
    const down = Array.from({ length: 50 }, () => 'unavailable' as const);
    await pMap(orders, (order) => merchant.plan(order, ...down), { concurrency: 10 });
    await send(orders);

    expect(await eventually(circuit, (row) => row !== undefined, 30_000)).toMatchObject({
      queue,
      consumer: 'fulfilment',
      error_name: 'UnavailableError',
      probes: 0,
    });
    await breakerRuns();
    expect(await eventually(mappingState, (state) => state === 'Disabled', 30_000)).toBe('Disabled');

    // What the consumer had in hand comes back, and is probed.
    await eventually(
      async () => {
        await breakerRuns();
        return (await circuit())?.['probes'];
      },
      (probes) => probes >= 3,
      60_000,
    );
    expect(await mappingState()).toBe('Disabled');
    // Each process sees ten of them fail; else each would have died of its ninth failure.
    expect((await requestsOf(orders)).length).toBeLessThan((orders.length * 9) / 2);

    await pMap(orders, (order) => merchant.plan(order), { concurrency: 10 });
    await eventually(
      async () => {
        await breakerRuns();
        return mappingState();
      },
      (state) => state === 'Enabled',
      60_000,
    );
    expect(await circuit()).toBeUndefined();
    expect(await drained(deployment, source, 120_000)).toBe(0);

    const effects = (await requestsOf(orders)).filter(({ effect }) => effect);
    expect(effects).toHaveLength(orders.length);
  }, 300_000);
});
