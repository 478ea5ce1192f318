import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { configs } from '../../lib/config.ts';
import { ClosesTooEarlyError, checkCloseAfter, checkHold, HoldTooShortError } from '../../lib/payment-window.ts';
import { loadDefinitions } from '../../lib/topology.ts';
import { createWarrenApp, isRefusal } from '../../lib/warren-app.ts';
import { errorOf } from '../unit/lambdas/builders.ts';
import { withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const folder = mkdtempSync(path.join(tmpdir(), 'warren-window-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ours = path.join(import.meta.dirname, '../../topology/definitions.json');

interface Entity {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

interface Definitions {
  readonly queues: Entity[];
  readonly bindings: { readonly destination: string }[];
  readonly policies?: object[];
}

const windowName = 'orders.payment-window';
const window = {
  'x-message-ttl': 1_800_000,
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': 'orders.timeouts',
};
const queue = (name: string, args: object) => ({
  name,
  vhost: '/',
  durable: true,
  auto_delete: false,
  arguments: args,
});

/** Our own topology, changed. */
function fileWith(change: (definitions: Definitions) => Definitions): string {
  const file = path.join(folder, 'definitions.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(ours, 'utf8')))));
  return file;
}

function withWindow(args: object, more: object[] = []) {
  return (definitions: Definitions): Definitions => ({
    ...definitions,
    queues: [
      ...definitions.queues.filter(({ name }) => name !== windowName),
      ...[queue(windowName, args), ...more].map((one) => Object(one)),
    ],
  });
}

function check(file: string, closeAfter: Duration) {
  const { topology } = loadDefinitions(file, { namePrefix: 'shop-test', config: configs.dev, isDefault: false });
  return () => checkCloseAfter(topology, { closeAfter, file });
}

describe('the age at which reconcile closes unpaid orders', () => {
  it.each([30, 29, 1])('is refused when it is %i minutes, and the payment window is 30', (minutes) => {
    const closing = check(ours, Duration.minutes(minutes));

    expect(closing).toThrow(ClosesTooEarlyError);
    const given = Duration.minutes(minutes).toHumanString();
    expect(closing).toThrow(
      `closeAfter in lib/config.ts is ${given}, and unpaid orders wait 30 minutes in '${windowName}'`,
    );
    expect(closing).toThrow(`(x-message-ttl in ${ours})`);
    expect(closing).toThrow('Raise closeAfter above that, or shorten the TTL');
  });

  it('may be any longer time', () => {
    expect(check(ours, Duration.millis(1_800_001))).not.toThrow();
  });

  it('is refused when a policy makes the window', () => {
    const { 'x-message-ttl': _, ...letters } = window;
    const file = fileWith((definitions) => ({
      ...withWindow(letters)(definitions),
      policies: [
        {
          vhost: '/',
          name: 'window',
          pattern: '^orders\\.payment-window$',
          'apply-to': 'queues',
          priority: 0,
          definition: { 'message-ttl': 3_600_000 },
        },
      ],
    }));

    expect(check(file, Duration.hours(1))).toThrow(ClosesTooEarlyError);
    expect(check(file, Duration.hours(2))).not.toThrow();
  });

  it('is refused when two queues together make the window', () => {
    const first = { ...window, 'x-dead-letter-routing-key': 'orders.last-call' };
    const file = fileWith(withWindow(first, [queue('orders.last-call', window)]));

    expect(check(file, Duration.minutes(60))).toThrow("wait 1 hour in 'orders.payment-window'");
    expect(check(file, Duration.minutes(61))).not.toThrow();
  });

  it('may be anything when nothing leads to order-timeouts', () => {
    const elsewhere = fileWith(withWindow({ ...window, 'x-dead-letter-routing-key': 'archive.orders' }));
    expect(check(elsewhere, Duration.seconds(1))).not.toThrow();

    const stays = (name: string) => ![windowName, 'orders.timeouts'].includes(name);
    const without = fileWith(({ queues, bindings, ...rest }) => ({
      ...rest,
      queues: queues.filter(({ name }) => stays(name)),
      bindings: bindings.filter(({ destination }) => stays(destination)),
    }));
    expect(check(without, Duration.seconds(1))).not.toThrow();
  });

  it('is looked at by synth, where reconcile is deployed', () => {
    const hour = configs.dev.wechatPay.reconcile.closeAfter.toMilliseconds();
    const topology = fileWith(withWindow({ ...window, 'x-message-ttl': hour }));
    const app = (wechatPayApi?: string) => () =>
      createWarrenApp({ context: { stage: 'dev', topology, wechatPayApi, 'aws:cdk:bundling-stacks': [] } });

    const refused = errorOf(app('https://api.mch.weixin.qq.com'));

    expect(refused).toBeInstanceOf(ClosesTooEarlyError);
    expect(isRefusal(refused)).toBe(true);
    expect(app()).not.toThrow();
  });
});

describe('the time for which goods lie ready', () => {
  const { topology: declared } = loadDefinitions(ours, {
    namePrefix: 'shop-test',
    config: configs.dev,
    isDefault: false,
  });
  const holding = (hold: Duration) => () => checkHold(declared, { hold, file: ours });

  it('is refused when it is no longer than an order may be paid', () => {
    expect(holding(Duration.minutes(30))).toThrow(HoldTooShortError);
    expect(holding(Duration.minutes(30))).toThrow(
      `hold in lib/config.ts is 30 minutes, and unpaid orders wait 30 minutes`,
    );
    expect(holding(Duration.minutes(31))).not.toThrow();
  });

  it('is looked at by synth', () => {
    const topology = fileWith(withWindow({ ...window, 'x-message-ttl': configs.dev.stock.hold.toMilliseconds() }));

    const refused = errorOf(() =>
      createWarrenApp({ context: { stage: 'dev', topology, 'aws:cdk:bundling-stacks': [] } }),
    );

    expect(refused).toBeInstanceOf(HoldTooShortError);
    expect(isRefusal(refused)).toBe(true);
  });
});
