import { ValkeyContextError } from '../../lib/valkey-context.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import {
  allowedIn,
  ofType,
  resourcesIn,
  synthesise,
  type TemplateResource,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const users = ['order-cache', 'order-cache-rebuild'];

function deployed(valkey?: string) {
  const app = warrenApp('prod', valkey === undefined ? {} : { valkey });
  const resources = synthesise(app).flatMap(({ template }) => resourcesIn(template));
  const functions = ofType(resources, 'AWS::Lambda::Function');
  return { resources, functions, cached: functions.filter((fn) => users.includes(folderOf(fn))) };
}

const rulesFor = (groups: readonly TemplateResource[], group: string) =>
  groups.filter(({ Properties }) => JSON.stringify(Properties['GroupId'] ?? '').includes(group));

describe('the order cache without -c valkey', () => {
  const { resources, functions, cached } = deployed();

  it('is the table alone, which its two functions may write', () => {
    expect(cached.map(folderOf).sort()).toEqual(users);
    for (const fn of cached) expect(environmentOf(fn)['VALKEY_URL']).toBe('');
    const puts = allowedIn(resources).filter(
      ({ Action, Resource }) => Action === 'dynamodb:PutItem' && JSON.stringify(Resource).includes('OrderCache'),
    );
    expect(puts).toHaveLength(2);
  });

  it('needs no VPC, and no cluster', () => {
    expect(functions.filter(({ Properties }) => Properties['VpcConfig'] !== undefined)).toEqual([]);
    expect(resources.filter(({ Type }) => /^AWS::(EC2|ElastiCache)::/.test(Type))).toEqual([]);
  });
});

describe('the order cache with -c valkey=serverless', () => {
  const { resources, functions, cached } = deployed('serverless');

  it('is ElastiCache Serverless for Valkey, spoken to over TLS', () => {
    expect(ofType(resources, 'AWS::ElastiCache::ServerlessCache')).toMatchObject([
      { Properties: { Engine: 'valkey', ServerlessCacheName: 'warren-prod-orders' } },
    ]);
    for (const fn of cached) expect(environmentOf(fn)['VALKEY_URL']).toMatch(/^rediss:\/\//);
  });

  it('is reached by its two functions, which alone are in the VPC', () => {
    const inside = functions.filter(({ Properties }) => Properties['VpcConfig'] !== undefined);

    expect(inside.map(folderOf).sort()).toEqual(users);
    for (const { Properties } of inside) expect(Properties['VpcConfig'].SubnetIds).toHaveLength(2);
  });

  it('has no way out of its VPC but the endpoints of what the functions call', () => {
    const endpoints = ofType(resources, 'AWS::EC2::VPCEndpoint').map(({ Properties }) => ({
      type: Properties['VpcEndpointType'],
      service: /(dynamodb|s3|sqs|scheduler)/.exec(JSON.stringify(Properties['ServiceName']))?.[1],
    }));

    expect(endpoints).toHaveLength(4);
    expect(endpoints).toEqual(
      expect.arrayContaining([
        { type: 'Gateway', service: 'dynamodb' },
        { type: 'Gateway', service: 's3' },
        { type: 'Interface', service: 'sqs' },
        { type: 'Interface', service: 'scheduler' },
      ]),
    );
    expect(ofType(resources, 'AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway')).toEqual([]);
  });

  it('lets in nobody but these functions: to the cache on its port, to the endpoints by HTTPS', () => {
    const ingress = ofType(resources, 'AWS::EC2::SecurityGroupIngress');
    const open = ofType(resources, 'AWS::EC2::SecurityGroup').filter(
      ({ Properties }) => Properties['SecurityGroupIngress'] !== undefined,
    );

    expect(open).toEqual([]);
    expect(ingress).toHaveLength(2);
    expect(rulesFor(ingress, 'ValkeyCacheAccess')).toMatchObject([{ Properties: { FromPort: 6379, ToPort: 6379 } }]);
    expect(rulesFor(ingress, 'ValkeyEndpoints')).toMatchObject([{ Properties: { FromPort: 443, ToPort: 443 } }]);
    for (const { Properties } of ingress) {
      expect(JSON.stringify(Properties['SourceSecurityGroupId'])).toContain('ValkeyFunctions');
    }
  });

  it('gives no function a right to write the table', () => {
    const puts = allowedIn(resources).filter(
      ({ Action, Resource }) => Action === 'dynamodb:PutItem' && JSON.stringify(Resource).includes('OrderCache'),
    );
    expect(puts).toEqual([]);
  });
});

describe('another value of -c valkey', () => {
  it('may be the URL of a Valkey that runs', () => {
    const url = 'redis://:secret@127.0.0.1:6379';

    for (const fn of deployed(url).cached) expect(environmentOf(fn)['VALKEY_URL']).toBe(url);
  });

  it.each(['yes', '', 'https://example.com', true])('is refused when it is %p', (value) => {
    expect(() => deployed(String(value))).toThrow(ValkeyContextError);
  });
});
