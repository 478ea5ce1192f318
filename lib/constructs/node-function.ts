import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Topology } from '../../rabbitmq/topology.ts';
import type { FunctionSize } from '../config-shape.ts';
import { type FunctionNetwork, grantNetwork } from './function-network.ts';

const root = path.join(import.meta.dirname, '../..');

export interface NodeFunctionProps extends FunctionSize {
  /** Its folder in `lambdas/`; also the `service` of its logs and metrics. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Lies beside the code as `topology.json`. */
  readonly topology: Topology;
  readonly logRetention: RetentionDays;
  /** Default: none of ours, as for all that needs AWS's own services only. */
  readonly network?: FunctionNetwork | undefined;
  /** What else lies beside the code, as JSON, by the file's name. Default: nothing. */
  readonly files?: Readonly<Record<string, unknown>>;
}

/**
 * A function from `lambdas/<folder>/index.ts`: one minified ESM file with its source map and the AWS SDK, on arm64.
 * It may write its own log group and nothing else until it is granted more.
 */
export class NodeFunction extends Construct {
  readonly fn: NodejsFunction;
  readonly folder: string;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    this.folder = props.folder;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // An own role instead of AWSLambdaBasicExecutionRole, which may write every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    if (props.network) grantNetwork(role);
    this.fn = new NodejsFunction(this, 'Function', {
      entry: path.join(root, 'lambdas', props.folder, 'index.ts'),
      projectRoot: root,
      depsLockFilePath: path.join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      role,
      ...(props.network && { ...props.network, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }),
      logGroup,
      // A message that goes round by a dead-letter exchange is RabbitMQ's idea of a retry: Lambda would end it after 16 rounds.
      recursiveLoop: RecursiveLoop.ALLOW,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.INFO,
      environment: {
        ...props.environment,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: props.folder,
        POWERTOOLS_METRICS_NAMESPACE: 'Warren',
      },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        // Packages that are CommonJS find Node's own modules by `require`, which an ES module does not have.
        banner: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        mainFields: ['module', 'main'],
        minify: true,
        keepNames: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        // Stack traces need positions only; with the sources inside, the map is three times the size of the code.
        sourcesContent: false,
        bundleAwsSDK: true,
        forceDockerBundling: false,
        commandHooks: {
          beforeBundling: () => [],
          beforeInstall: () => [],
          afterBundling: (_input, output) => [
            ...Object.entries({ 'topology.json': props.topology, ...props.files }).map(([name, value]) =>
              copyCommand(this.writeJson(value), `${output}/${name}`),
            ),
          ],
        },
      },
    });
    Validations.of(this.fn).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason:
        'It is invoked synchronously, by an event source mapping, or by a schedule again and again; a function dead-letter target serves asynchronous invokes that must not be lost.',
    });
    Validations.of(this.fn).acknowledge({
      id: 'Serverless::Serverless-LambdaTracing',
      reason: 'X-Ray costs about 20 ms of init and a wildcard resource in IAM; event ids in the logs follow a message.',
    });
  }

  private writeJson(value: unknown): string {
    const text = JSON.stringify(value);
    // Named after what it holds: another synth in the same folder may have another topology.
    const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const file = path.join(root, '.local', 'topology', `${name}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    // Whole or not at all: another synth may be copying it at this moment.
    const own = `${file}.${process.pid}`;
    writeFileSync(own, text);
    renameSync(own, file);
    return file;
  }
}

/** Node's own copy, because a shell's differs between systems. */
function copyCommand(from: string, to: string): string {
  return `node -e "require('node:fs').copyFileSync(process.argv[1], process.argv[2])" "${from}" "${to}"`;
}
