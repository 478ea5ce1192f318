import { delimiter, join } from 'node:path';
import { paths } from './paths.ts';

export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** MiniStack and LocalStack read the account from a 12-digit access key; the secret is not checked. */
const SECRET = 'test';

/** Never made: whatever the user keeps in ~/.aws stays there. */
const NO_FILE = join(paths.local, 'no-such-file');

const REAL_AWS = /(^|\.)(amazonaws\.(com|com\.cn|eu)|api\.aws|on\.aws)\.?$/;

export class RealAwsError extends Error {
  override readonly name = 'RealAwsError';
  readonly endpoint: string;

  constructor(endpoint: string) {
    super(`${endpoint} is real AWS: local commands only talk to an emulator. Deploy there with npx cdk deploy.`);
    this.endpoint = endpoint;
  }
}

/** The variables that send AWS tools and SDKs to the emulator. A child process needs `childEnvironment` instead. */
export function localEnvironment(endpoint: string, account: string = LOCAL_ACCOUNT): Record<string, string> {
  refuseRealAws(endpoint);
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: pathStyleEndpoint(endpoint),
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_CONFIG_FILE: NO_FILE,
    AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: LOCAL_REGION,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

/**
 * The whole environment of a command that works on the emulator: Node 24 first, none of the user's AWS_ and CDK_ variables, and another
 * home, so that neither a profile nor a ~/.cdk.json can lead it to a real account.
 */
export function childEnvironment(endpoint: string, account?: string): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || NOT_INHERITED.test(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [paths.node24, process.env['PATH'] ?? ''].join(delimiter),
    HOME: paths.home,
    USERPROFILE: paths.home,
    ...localEnvironment(endpoint, account),
  };
}

/** A proxy among them would be asked for 127.0.0.1; PATH is set again, whatever its spelling on Windows. */
const NOT_INHERITED = /^((AWS|CDK)_.*|(https?|all)_proxy|path)$/i;

/** Settings for an SDK client; the credentials are given, so it looks for no others. */
export function clientConfig(endpoint: string, account: string = LOCAL_ACCOUNT) {
  refuseRealAws(endpoint);
  return { endpoint, region: LOCAL_REGION, credentials: { accessKeyId: account, secretAccessKey: SECRET } };
}

export function refuseRealAws(endpoint: string): void {
  if (!URL.canParse(endpoint))
    throw new TypeError(`"${endpoint}" is no endpoint: give a URL like http://127.0.0.1:4566`);
  if (REAL_AWS.test(new URL(endpoint).hostname)) throw new RealAwsError(endpoint);
}

/** To an address the SDK sends the bucket in the path; to a name, in front of the name: <bucket>.localhost, not found. */
function pathStyleEndpoint(endpoint: string): string {
  return endpoint.replace('//localhost', '//127.0.0.1');
}
