import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { envSchema } from '../../lambdas/merchant-webhook/env.ts';
import { isWebhookUrl } from '../../lambdas/merchant-webhook/webhook-url.ts';
import { parseAddressRange } from '../../lambdas/shared/http/forbidden-address.ts';
import { configs } from '../../lib/config.ts';
import { wechatPaySchedule } from '../../lib/merchant-webhook-config.ts';
import { MerchantWebhookUrlError, merchantWebhookUrlOf } from '../../lib/merchant-webhook-url.ts';
import { stages } from '../../lib/stages.ts';
import { loadDefinitions } from '../../lib/topology.ts';
import { createWarrenApp, isRefusal } from '../../lib/warren-app.ts';
import { errorOf } from '../unit/lambdas/builders.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const resourcesWith = (merchantWebhook: string | undefined) =>
  synthesise(warrenApp('prod', { merchantWebhook })).flatMap(({ template }) => resourcesIn(template));
const prod = resourcesWith('https://merchant.example/warren');
const functionsIn = (resources: typeof prod) => ofType(resources, 'AWS::Lambda::Function');
const environment = () => {
  const fn = functionsIn(prod).find((one) => folderOf(one) === 'merchant-webhook');
  return fn && environmentOf(fn);
};

describe('the schedule of the merchant’s webhook', () => {
  it('is WeChat Pay’s: 15 steps, 24 hours and 4 minutes', () => {
    const seconds = wechatPaySchedule.map((step) => step.toSeconds());

    expect(seconds).toEqual([15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]);
    expect(seconds.reduce((sum, one) => sum + one)).toBe(86_640);
  });

  it('is given to the function, whose delivery limit it is', () => {
    expect(environment()).toMatchObject({
      RETRY_SCHEDULE_SECONDS: '15,15,30,180,600,1200,1800,1800,1800,3600,10800,10800,10800,21600,21600',
      DELIVERY_LIMIT: '15',
      MERCHANT_WEBHOOK_ALLOWED_RANGES: '',
    });
    expect(envSchema.shape.RETRY_SCHEDULE_SECONDS.parse(environment()?.['RETRY_SCHEDULE_SECONDS'])).toHaveLength(15);
  });

  it.each([
    ['of five steps', Array(5).fill(Duration.seconds(1)), 5],
    ['without a step, which is none: the queue has its own', [], 15],
  ])('is the delivery limit: a schedule %s', (_, retrySchedule, deliveryLimit) => {
    const consumers = { ...configs.dev.consumers };
    consumers['merchant-webhook'] = { ...consumers['merchant-webhook'], retrySchedule };
    const file = path.join(import.meta.dirname, '../../topology/definitions.json');

    const { queues } = loadDefinitions(file, {
      namePrefix: 'x',
      config: { ...configs.dev, consumers },
      isDefault: true,
    });

    expect(queues.find(({ queue }) => queue.name === 'merchant.notifications')).toMatchObject({ deliveryLimit });
  });

  it.each(stages)('leaves each record of a batch its time when a merchant hangs: %s', (stage) => {
    const { consumers, merchantWebhook } = configs[stage];
    const { timeout, batchSize } = consumers['merchant-webhook'];

    expect(merchantWebhook.requestTimeout.toMilliseconds()).toBeLessThanOrEqual(timeout.toMilliseconds() * 0.1);
    expect(batchSize * merchantWebhook.requestTimeout.toMilliseconds()).toBeLessThan(timeout.toMilliseconds() * 0.8);
  });
});

describe('the address of the merchant’s webhook', () => {
  it('is not made up: without it messages wait as they would for one, synth warns, and the merchant may ask all the same', () => {
    const without = resourcesWith(undefined);
    const warnings: string[] = [];
    createWarrenApp({ context: { stage: 'dev', 'aws:cdk:bundling-stacks': [] } }, (all) => warnings.push(...all));

    expect(functionsIn(without).map(folderOf)).not.toContain('merchant-webhook');
    expect(functionsIn(without).map(folderOf)).toContain('order-query');
    const ofQueue = (resources: typeof prod) =>
      ofType(resources, 'AWS::SQS::Queue').filter(({ logicalId }) => logicalId.includes('merchantnotifications'));
    expect(ofQueue(without)).toEqual(ofQueue(prod));
    expect(warnings).toContainEqual(expect.stringMatching(/^'merchant-webhook' is left out: .*-c merchantWebhook=/));
  });

  it('is not asked for where nobody is to be told: without its binding nothing waits, and nothing else is missing', () => {
    const definitions = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../../topology/definitions.json'), 'utf8'),
    );
    const bindings = definitions.bindings.filter(
      ({ destination }: { destination: string }) => destination !== 'merchant.notifications',
    );
    const topology = path.join(mkdtempSync(path.join(tmpdir(), 'warren-no-webhook-')), 'definitions.json');
    writeFileSync(topology, JSON.stringify({ ...definitions, bindings }));
    const warnings: string[] = [];

    createWarrenApp({ context: { stage: 'dev', topology, 'aws:cdk:bundling-stacks': [] } }, (all) =>
      warnings.push(...all),
    );
    rmSync(path.dirname(topology), { recursive: true });

    expect(definitions.bindings).toHaveLength(bindings.length + 1);
    expect(warnings.filter((one) => /merchant/.test(one) && !/fulfilment/.test(one))).toEqual([]);
  });

  const local = configs.local.merchantWebhook.allowedRanges;
  const taken = (url: string, ranges: readonly string[]) =>
    [
      () => merchantWebhookUrlOf(new App({ context: { merchantWebhook: url } }), ranges) === url,
      () => isWebhookUrl(url, ranges.map(parseAddressRange)),
    ].map((ask) => {
      try {
        return ask();
      } catch (error) {
        return error instanceof MerchantWebhookUrlError ? false : error;
      }
    });

  it.each(['https://merchant.example/warren', 'https://merchant.example:8443/', 'https://merchant.example:443/x?y=z'])(
    'may be %s',
    (url) => {
      for (const { merchantWebhook } of Object.values(configs)) {
        expect(taken(url, merchantWebhook.allowedRanges)).toEqual([true, true]);
      }
    },
  );

  it.each([
    'http://merchant.example/',
    'https://merchant.example:22/',
    'https://merchant.example:6379/',
    'https://shop:secret@merchant.example/',
    'https://127.0.0.1/',
    'http://127.0.0.1:4000/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.7/',
    'https://8.8.8.8/',
    'http://localhost:4000/',
    'ftp://merchant.example/',
    'file:///etc/passwd',
    'merchant.example/warren',
    '',
  ])('is refused when it is %p: by synth, and by the function', (url) => {
    expect(taken(url, [])).toEqual([false, false]);
  });

  it.each([
    ['http://10.1.2.3:4000/', true],
    ['https://10.1.2.3/', true],
    ['https://[fd00::7]:8443/', true],
    ['http://[::ffff:10.1.2.3]/', true],
    ['https://11.1.2.3/', false],
    ['https://[fe80::1]/', false],
    ['http://127.0.0.1:4000/', false],
    ['http://localhost:4000/', false],
    ['https://8.8.8.8/', false],
    ['ftp://10.1.2.3/', false],
    ['https://shop:secret@10.1.2.3/', false],
    ['http://merchant.example/', false],
    ['https://merchant.example:22/', false],
    ['https://merchant.example/', true],
  ])('may be in a range of its stage: %p is the same to synth and to the function', (url, isTaken) => {
    expect(taken(url, ['10.0.0.0/8', 'fd00::/8'])).toEqual([isTaken, isTaken]);
  });

  it('may be on this machine in the local stage, and only there', () => {
    expect(taken('http://127.0.0.1:4000/notifications', local)).toEqual([true, true]);
    expect(taken('http://localhost:4000/', local)).toEqual([false, false]);
    expect(configs.dev.merchantWebhook.allowedRanges).toEqual([]);
    expect(configs.prod.merchantWebhook.allowedRanges).toEqual([]);
  });

  it.each(['10.0.0.1', '10.0.0.0/33', 'loopback', '127.0.0.0/8,'])(
    'is not checked by %p, which is no range: the function does not start',
    (ranges) => {
      expect(envSchema.shape.MERCHANT_WEBHOOK_ALLOWED_RANGES.safeParse(ranges).success).toBe(false);
    },
  );

  it('is not shown when it is refused for its credentials', () => {
    const url = 'https://shop:secret@merchant.example/';

    const refused = errorOf(() => createWarrenApp({ context: { stage: 'dev', merchantWebhook: url } }));

    expect(refused).toBeInstanceOf(MerchantWebhookUrlError);
    expect(isRefusal(refused)).toBe(true);
    expect(String(refused)).not.toContain('secret');
  });
});

describe('whoever asks for an order', () => {
  it('is answered by a function that may get a row of one table, write its log, and nothing else', () => {
    const fn = functionsIn(prod).find((one) => folderOf(one) === 'order-query');
    const role = fn && Object(fn.Properties['Role'])['Fn::GetAtt'][0];
    const statements = ofType(prod, 'AWS::IAM::Policy')
      .filter(({ Properties }) => Properties['Roles'].some(({ Ref }: { Ref: string }) => Ref === role))
      .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement);

    expect(statements.map(({ Action }) => [Action].flat())).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['dynamodb:GetItem'],
    ]);
    expect(JSON.stringify(statements[1].Resource)).toMatch(/"PublishOutputFnGetAttOrders[0-9A-F]{8}Arn[0-9A-F]{8}"/);
    const own = prod.find(({ logicalId }) => logicalId === role);
    expect(Object.keys(own?.Properties ?? {})).toEqual(['AssumeRolePolicyDocument', 'Tags']);
  });

  it('is let in by IAM, by GET', () => {
    const [route, ...others] = ofType(prod, 'AWS::ApiGatewayV2::Route').filter(
      ({ Properties }) => Properties['RouteKey'] === 'GET /orders/{out_trade_no}',
    );

    expect(others).toEqual([]);
    expect(route?.Properties).toMatchObject({ AuthorizationType: 'AWS_IAM' });
  });
});
