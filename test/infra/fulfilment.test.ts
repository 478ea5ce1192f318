import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { envSchema } from '../../lambdas/fulfilment/env.ts';
import { configs } from '../../lib/config.ts';
import { FulfilmentRouteError } from '../../lib/fulfilment-routes.ts';
import { FulfilmentUrlError, fulfilmentUrlOf } from '../../lib/fulfilment-url.ts';
import { stages } from '../../lib/stages.ts';
import { createWarrenApp, isRefusal } from '../../lib/warren-app.ts';
import { errorOf } from '../unit/lambdas/builders.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const resourcesWith = (fulfilmentUrl: string | undefined) =>
  synthesise(warrenApp('prod', { fulfilmentUrl })).flatMap(({ template }) => resourcesIn(template));

describe('the address of the merchant', () => {
  it('is given to the function, with the time one request may take', () => {
    const functions = ofType(resourcesWith('https://merchant.example/v1/orders'), 'AWS::Lambda::Function');
    const fulfilment = functions.find((fn) => folderOf(fn) === 'fulfilment');

    expect(fulfilment && environmentOf(fulfilment)).toMatchObject({
      FULFILMENT_URL: 'https://merchant.example/v1/orders',
      FULFILMENT_TIMEOUT_MS: '6000',
    });
  });

  it('is not made up: without it there is no such function, the queue waits as it would for one, and synth warns', () => {
    const [without, withIt] = [resourcesWith(undefined), resourcesWith('https://merchant.example/')];
    const queuesIn = (resources: typeof without) => ofType(resources, 'AWS::SQS::Queue', 'AWS::CloudWatch::Alarm');
    const warnings: string[] = [];
    createWarrenApp({ context: { stage: 'dev', 'aws:cdk:bundling-stacks': [] } }, (all) => warnings.push(...all));

    expect(ofType(without, 'AWS::Lambda::Function').map(folderOf)).not.toContain('fulfilment');
    // A shorter retention, once the address is known, would delete what has waited.
    const ofQueue = (resources: typeof without) =>
      queuesIn(resources).filter(({ logicalId }) => logicalId.includes('fulfilmentrequests'));
    expect(ofQueue(without).length).toBeGreaterThan(2);
    expect(ofQueue(without)).toEqual(ofQueue(withIt));
    expect(warnings).toContainEqual(expect.stringMatching(/^'fulfilment' is left out: .*-c fulfilmentUrl=/));
  });

  it.each([
    'https://merchant.example/fulfilments',
    'https://10.0.0.7:8443/',
    'http://127.0.0.1:4000/fulfilments',
    'http://localhost:4000/',
    'http://[::1]:4000/',
  ])('may be %s', (url) => {
    expect(fulfilmentUrlOf(new App({ context: { fulfilmentUrl: url } }))).toBe(url);
    expect(envSchema.shape.FULFILMENT_URL.safeParse(url)).toMatchObject({ success: true });
  });

  it.each([
    'http://merchant.example/fulfilments',
    'http://127.evil.example/',
    'http://127.0.0.1.evil.example/',
    'ftp://merchant.example/',
    'file:///etc/passwd',
    'merchant.example/fulfilments',
    '',
  ])('is refused when it is %p: by synth, and by the function', (url) => {
    const refused = errorOf(() => createWarrenApp({ context: { stage: 'dev', fulfilmentUrl: url } }));

    expect(refused).toBeInstanceOf(FulfilmentUrlError);
    expect(isRefusal(refused)).toBe(true);
    expect(envSchema.shape.FULFILMENT_URL.safeParse(url)).toMatchObject({ success: false });
  });

  it('may hold no credentials, and does not show them when it is refused for them', () => {
    const url = 'https://shop:secret@merchant.example/';

    const refused = errorOf(() => createWarrenApp({ context: { stage: 'dev', fulfilmentUrl: url } }));

    expect(refused).toBeInstanceOf(FulfilmentUrlError);
    expect(String(refused)).not.toContain('secret');
    expect(JSON.stringify(envSchema.shape.FULFILMENT_URL.safeParse(url))).not.toContain('secret');
    expect(envSchema.shape.FULFILMENT_URL.safeParse(url).success).toBe(false);
  });
});

describe('a request to the merchant', () => {
  it.each(stages)('that hangs cuts no other short, and the function is not killed for it: %s', (stage) => {
    const { consumers, fulfilment } = configs[stage];
    const { timeout, batchSize } = consumers.fulfilment;

    // A record is begun with at least a fifth of the time left, and the deadline keeps a tenth of it, or less.
    expect(fulfilment.requestTimeout.toMilliseconds()).toBeLessThanOrEqual(timeout.toMilliseconds() * 0.1);
    expect(batchSize * fulfilment.requestTimeout.toMilliseconds()).toBeLessThan(timeout.toMilliseconds() * 0.8);
  });
});

describe('the bindings of what fulfilment waits for, and of what it tells', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-fulfilment-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Definitions {
    readonly queues: { readonly name: string }[];
    readonly bindings: { readonly destination: string; readonly routing_key: string }[];
  }

  const refusedBy = (change: (definitions: Definitions) => object, fulfilmentUrl?: string) => {
    const topology = path.join(folder, 'definitions.json');
    writeFileSync(topology, JSON.stringify(change(JSON.parse(readFileSync('topology/definitions.json', 'utf8')))));
    return () => createWarrenApp({ context: { stage: 'dev', topology, fulfilmentUrl, 'aws:cdk:bundling-stacks': [] } });
  };
  const url = 'https://merchant.example/';

  it('may not be missing: a refusal would be heard by nobody', () => {
    const unbound = ({ bindings, ...rest }: Definitions) => ({
      ...rest,
      bindings: bindings.filter(
        ({ destination, routing_key }) => `${destination} ${routing_key}` !== 'orders.saga fulfilment.*',
      ),
    });

    const refused = errorOf(refusedBy(unbound, url));

    expect(refused).toBeInstanceOf(FulfilmentRouteError);
    expect(isRefusal(refused)).toBe(true);
    expect(refused).toHaveProperty(
      'message',
      expect.stringContaining("'fulfilment.refused' of the exchange 'orders' to 'orders.saga'"),
    );
    expect(refusedBy(unbound)).not.toThrow();
  });

  it.each(['orders.saga', 'stock.reservations'])('need the queue they lead to: %s', (queue) => {
    const without = ({ queues, bindings, ...rest }: Definitions) => ({
      ...rest,
      queues: queues.filter(({ name }) => name !== queue),
      bindings: bindings.filter(({ destination }) => destination !== queue),
    });

    expect(refusedBy(without, url)).toThrow(FulfilmentRouteError);
  });
});
