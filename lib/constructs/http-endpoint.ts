import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Throttle } from '../config-shape.ts';

export interface HttpEndpointProps extends Throttle {
  readonly path: string;
  /** Default: POST. */
  readonly method?: HttpMethod;
  readonly fn: IFunction;
  /** `iam`: whoever signs and may `execute-api:Invoke` the route. Else anybody, for a reason. */
  readonly access: 'iam' | { readonly openBecause: string };
  readonly logRetention: RetentionDays;
}

/** One route to one function, throttled, with an access log that holds no body and no header. */
export class HttpEndpoint extends Construct {
  readonly api: HttpApi;
  readonly url: string;
  /** What a policy names to let somebody in by IAM. */
  readonly routeArn: string;

  constructor(scope: Construct, id: string, props: HttpEndpointProps) {
    super(scope, id);
    const { path, method = HttpMethod.POST, fn, access, rateLimit, burstLimit, logRetention } = props;
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    this.api.addRoutes({
      path,
      methods: [method],
      integration: new HttpLambdaIntegration('Function', fn),
      ...(access === 'iam' && { authorizer: new HttpIamAuthorizer() }),
    });
    if (access !== 'iam') {
      Validations.of(this.api).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG4', reason: access.openBecause });
    }
    const logGroup = new LogGroup(this, 'AccessLogs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit, burstLimit },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTime',
            status: '$context.status',
            responseLatency: '$context.responseLatency',
            error: '$context.error.message',
          }),
        ),
      },
    });
    this.url = `${this.api.apiEndpoint}${path}`;
    this.routeArn = this.api.arnForExecuteApi(method, path, '$default');
  }
}
