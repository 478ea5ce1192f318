import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HttpEndpoint, type HttpEndpointProps } from '../../../lib/constructs/http-endpoint.ts';
import { givenFunction } from '../support/givens.ts';
import { emptyStack, ofType, resourcesIn, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

describe('an endpoint', () => {
  it('has one POST route to its function, and the function lets only that route in', () => {
    const { template, fn } = givenEndpoint();

    template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /hook' });
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: fn,
    });
    const [permission] = ofType(resourcesIn(template), 'AWS::Lambda::Permission');
    expect(permission?.Properties).toMatchObject({ Principal: 'apigateway.amazonaws.com', FunctionName: fn });
    expect(JSON.stringify(permission?.Properties['SourceArn'])).toContain('/*/*/hook');
  });

  it('is throttled, on its only stage', () => {
    const { template } = givenEndpoint();

    template.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 9 },
    });
  });

  it('writes an access log that forgets, without bodies, headers, query strings or addresses', () => {
    const { template } = givenEndpoint();

    const resources = resourcesIn(template);
    const [stage] = ofType(resources, 'AWS::ApiGatewayV2::Stage');
    const { Format, DestinationArn } = stage?.Properties['AccessLogSettings'] ?? {};
    const group = resources.find(({ logicalId }) => logicalId === DestinationArn['Fn::GetAtt'][0]);
    expect(group).toMatchObject({ Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 3 } });
    expect(Object.values(JSON.parse(Format)).sort()).toEqual([
      '$context.error.message',
      '$context.requestId',
      '$context.requestTime',
      '$context.responseLatency',
      '$context.status',
    ]);
  });

  it('knows its address', () => {
    const { stack, endpoint } = givenEndpoint();

    expect(JSON.stringify(stack.resolve(endpoint.url))).toMatch(/ApiEndpoint.*\/hook/);
  });
});

describe('who may call an endpoint', () => {
  it('is whoever IAM lets in', () => {
    const { template, stack, endpoint } = givenEndpoint('iam');

    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
    expect(JSON.stringify(stack.resolve(endpoint.routeArn))).toMatch(/:execute-api:.*Api.*\/\$default\/POST\/hook"/);
  });

  it('is anybody only for a reason', () => {
    givenEndpoint({ openBecause: 'its callers sign' }).template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      AuthorizationType: 'NONE',
    });
  });
});

function givenEndpoint(access: HttpEndpointProps['access'] = 'iam') {
  const stack = emptyStack();
  const { fn } = givenFunction(stack);
  const endpoint = new HttpEndpoint(stack, 'Endpoint', {
    path: '/hook',
    fn,
    access,
    rateLimit: 5,
    burstLimit: 9,
    logRetention: RetentionDays.THREE_DAYS,
  });
  return { stack, endpoint, fn: stack.resolve(fn.functionArn), template: Template.fromStack(stack) };
}
