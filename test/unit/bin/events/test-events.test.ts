import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  destinationOf,
  eventsIn,
  findEvent,
  NothingDeployedForEventError,
  UnknownEventError,
} from '../../../../bin/warren/events/test-events.ts';
import { functionOutput } from '../../../../lib/output-names.ts';

const root = path.join(import.meta.dirname, '../../../..');
const known = ['loyalty/order-paid', 'publish/unroutable'];

describe('the test events', () => {
  it('are the JSON files below a folder, whatever functions they are for', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'warren-events-'));
    mkdirSync(path.join(folder, 'loyalty'));
    for (const file of ['loyalty/order-paid.json', 'loyalty/notes.md', 'README.md']) {
      writeFileSync(path.join(folder, file), '{}');
    }

    expect(eventsIn(folder)).toEqual(['loyalty/order-paid']);
    rmSync(folder, { recursive: true });
  });

  it('lie in folders that are named after functions', () => {
    const functions = readdirSync(path.join(root, 'lambdas'));
    const folders = eventsIn(path.join(root, 'events')).map((event) => path.dirname(event));

    expect(folders.length).toBeGreaterThan(0);
    expect(folders.filter((folder) => !functions.includes(folder))).toEqual([]);
  });

  it.each([
    'loyalty/order-paid',
    'loyalty/order-paid.json',
    'events/loyalty/order-paid.json',
    './events/loyalty/order-paid',
  ])('may be asked for as %s', (given) => {
    expect(findEvent(given, known)).toBe('loyalty/order-paid');
  });

  it('that are not there are refused with the nearest ones', () => {
    const asked = () => findEvent('loyalty/order-pay', known);

    expect(asked).toThrow(UnknownEventError);
    expect(asked).toThrow('There is no events/loyalty/order-pay.json. Did you mean loyalty/order-paid, ');
  });
});

describe('where a test event goes', () => {
  const outputs = {
    LoyaltyPointsFunction: 'warren-local-loyalty',
    LoyaltyPointsTable: 'points',
    PublishFunction: 'warren-local-publish',
    QueueUrlBase: 'https://sqs/',
  };

  it('is the function of its folder, whose name the output says', () => {
    expect(destinationOf('loyalty-points/order-paid', outputs)).toEqual({
      kind: 'function',
      name: 'warren-local-loyalty',
    });
  });

  it('is the table of that name, if it is an item', () => {
    expect(destinationOf('loyalty-points/account-item', outputs)).toEqual({ kind: 'table', name: 'points' });
  });

  it('is nowhere when no such function is deployed: the output that was looked for is told, and which there are', () => {
    const asked = () => destinationOf('loyalty/order-paid', outputs);

    expect(asked).toThrow(NothingDeployedForEventError);
    expect(asked).toThrow(/output LoyaltyFunction, .* There are: LoyaltyPointsFunction, PublishFunction\./);
  });

  it('follows from the folder alone', () => {
    expect(functionOutput('wechat-pay-notify')).toBe('WechatPayNotifyFunction');
  });
});
