import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { shownFiles, writeShown } from '../recipes/own-producer.ts';
import { root } from '../recipes/project-copy.ts';
import { deployedCode, replaceCode, withEntry } from '../support/function-code.ts';
import { invoke } from '../support/invoke.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs } = deployment;
/** Has what every publisher is given: the environment, and the topology beside its code. */
const borrowed = outputs.PublishFunction;
let code: Uint8Array;
let folder: string;

beforeAll(async () => {
  code = await deployedCode(lambda, borrowed);
  mkdirSync(path.join(root, '.local'), { recursive: true });
  folder = mkdtempSync(path.join(root, '.local/own-producer-'));
  writeShown(shownFiles(root), folder);
  symlinkSync(path.join(root, 'lambdas/shared'), path.join(folder, 'lambdas/shared'));
  await replaceCode(lambda, borrowed, await withEntry(code, path.join(folder, 'lambdas/checkout/index.ts')));
});

afterAll(async () => {
  await replaceCode(lambda, borrowed, code);
  rmSync(folder, { recursive: true });
});

describe('the function that docs/producers.md shows', () => {
  it('asserts its exchange and publishes as amqplib’s producers do; invoked again, it publishes the same event', async () => {
    const out_trade_no = `C-${randomUUID().slice(0, 18)}`;

    const first = await invoke(lambda, borrowed, { out_trade_no });
    const again = await invoke(lambda, borrowed, { out_trade_no });

    expect([first, again]).toEqual([
      { answer: null, failed: false },
      { answer: null, failed: false },
    ]);
    const stored = await messagesWith(deployment, deployment.queueUrl('analytics.orders'), out_trade_no);
    const ids = stored.map(({ MessageAttributes }) => {
      const { exchange, routing_keys, properties } = JSON.parse(MessageAttributes?.['amqp']?.StringValue ?? '');
      return [exchange, routing_keys, properties.message_id];
    });
    const event = ['orders', ['order.closed'], `closed-${out_trade_no}`];
    expect(ids).toEqual([event, event]);
  });

  it('fails, and publishes nothing, for an event that is no order', async () => {
    expect(await invoke(lambda, borrowed, { order: 1 })).toMatchObject({ failed: true });
  });
});
