import { CfnOutput } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Env } from '../../lambdas/publish/env.ts';
import type { Given } from '../../lambdas/shared/broker/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { functionOutput, pascalCase } from '../output-names.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** The two faces of the producer: `publish` for those who invoke functions, `publish-http` behind a route that IAM guards. */
export function addProducer(stack: StatelessStack, stateful: StatefulStack): void {
  const { config } = stack;
  addFace(stack, stateful, 'publish', config.functions.publish);
  const { url, routeArn } = new HttpEndpoint(stack, 'PublishEndpoint', {
    path: '/publish',
    fn: addFace(stack, stateful, 'publish-http', config.functions.publishHttp),
    access: 'iam',
    ...config.publishHttp,
    logRetention: config.logRetention,
  });
  new CfnOutput(stack, 'PublishUrl', { value: url });
  new CfnOutput(stack, 'PublishRouteArn', { value: routeArn });
}

function addFace(
  stack: StatelessStack,
  { outbox }: StatefulStack,
  folder: 'publish' | 'publish-http',
  size: StatelessStack['config']['functions']['publish'],
): IFunction {
  const environment: Given<Env> = { ...stack.brokerEnvironment, OUTBOX_TABLE: outbox.tableName };
  const { fn } = new NodeFunction(stack, pascalCase(folder), { ...size, ...stack.common, folder, environment });
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
  stack.grantClientPublish(fn, stack.deployed.topology.queues);
  new CfnOutput(stack, functionOutput(folder), { value: fn.functionName });
  return fn;
}
