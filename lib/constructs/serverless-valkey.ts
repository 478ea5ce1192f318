import { Fn, Validations } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { Construct } from 'constructs';
import type { FunctionNetwork } from './function-network.ts';

/** Beyond, ElastiCache throws away what was least used: an order is below 300 bytes. */
const mostStoredGigabytes = 5;

export interface ServerlessValkeyProps {
  /** ElastiCache leaves no choice but to give one: lower case, at most 40 characters. */
  readonly name: string;
}

/**
 * ElastiCache Serverless for Valkey in a VPC of its own that has no way out: whoever is in it reaches the cache over TLS, DynamoDB and S3 by
 * gateway endpoints, which cost nothing, and SQS and EventBridge Scheduler by interface endpoints, which do.
 */
export class ServerlessValkey extends Construct {
  readonly url: string;
  /** For the functions that use it. */
  readonly network: FunctionNetwork;

  constructor(scope: Construct, id: string, { name }: ServerlessValkeyProps) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Functions', subnetType: SubnetType.PRIVATE_ISOLATED }],
      // Nothing is in the default group, and emptying it would take a function that may change security groups.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        S3: { service: GatewayVpcEndpointAwsService.S3 },
      },
    });
    Validations.of(vpc).acknowledge({
      id: 'AwsSolutions::AwsSolutions-VPC7',
      reason: 'No route leads in or out: flow logs would tell that functions talk to the cache and to endpoints.',
    });
    const group = (of: string, description: string) =>
      new SecurityGroup(this, of, { vpc, description, allowAllOutbound: false });
    const functions = group('Functions', 'Functions that use the cache');
    const endpoints = group('Endpoints', 'Endpoints of SQS and EventBridge Scheduler');
    const cache = group('CacheAccess', 'The cache');
    // Gateway endpoints are reached at addresses of AWS: the VPC has no other way to them.
    functions.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'endpoints');
    functions.addEgressRule(cache, Port.tcp(6379), 'cache');
    cache.addIngressRule(functions, Port.tcp(6379), 'functions');
    endpoints.addIngressRule(functions, Port.HTTPS, 'functions');
    for (const [endpoint, service] of Object.entries(interfaceServices)) {
      vpc.addInterfaceEndpoint(endpoint, { service, securityGroups: [endpoints], open: false });
    }

    const { attrEndpointAddress, attrEndpointPort } = new CfnServerlessCache(this, 'Cache', {
      engine: 'valkey',
      majorEngineVersion: '8',
      serverlessCacheName: name,
      description: 'Orders for quick reading; all of it can be rebuilt from the orders table',
      subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [cache.securityGroupId],
      cacheUsageLimits: { dataStorage: { unit: 'GB', maximum: mostStoredGigabytes } },
    });
    this.url = Fn.join('', ['rediss://', attrEndpointAddress, ':', attrEndpointPort]);
    this.network = { vpc, securityGroups: [functions] };
  }
}

/** Retry delays and dead letters go to SQS, letters that wait for over 15 minutes to EventBridge Scheduler; logs and metrics leave by Lambda. */
const interfaceServices: Readonly<Record<string, InterfaceVpcEndpointAwsService>> = {
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  Scheduler: new InterfaceVpcEndpointAwsService('scheduler'),
};
