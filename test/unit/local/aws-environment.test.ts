import { childEnvironment, clientConfig, localEnvironment, RealAwsError } from '../../../local/aws-environment.ts';

const endpoint = 'http://127.0.0.1:4566';

describe('real AWS', () => {
  it.each([
    'https://sqs.us-east-1.amazonaws.com',
    'https://AMAZONAWS.com',
    'https://sqs.cn-north-1.amazonaws.com.cn',
    'https://sqs.us-east-1.amazonaws.com.',
    'https://sqs.us-east-1.api.aws',
  ])('is refused as an endpoint: %s', (real) => {
    expect(() => localEnvironment(real)).toThrow(RealAwsError);
    expect(() => clientConfig(real)).toThrow(RealAwsError);
  });

  it.each([endpoint, 'http://localhost.localstack.cloud:4566', 'http://amazonaws.com.example:4566'])(
    'is not what this endpoint is: %s',
    (emulator) => {
      expect(localEnvironment(emulator)['AWS_ENDPOINT_URL']).toBe(emulator);
    },
  );

  it('is not fallen back to when there is no endpoint', () => {
    expect(() => localEnvironment('')).toThrow('"" is no endpoint');
  });
});

describe('childEnvironment', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it("hides the user's credentials, profile, home and proxy", () => {
    process.env['AWS_PROFILE'] = 'production';
    process.env['AWS_SESSION_TOKEN'] = 'real';
    process.env['AWS_ENDPOINT_URL_SQS'] = 'https://sqs.us-east-1.amazonaws.com';
    process.env['https_proxy'] = 'http://proxy.example:3128';

    const environment = childEnvironment(endpoint, '111111111111');

    for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_SQS', 'https_proxy'])
      expect(environment).not.toHaveProperty(name);
    expect(environment['HOME']).not.toBe(before['HOME']);
    expect(environment).toMatchObject({
      AWS_ACCESS_KEY_ID: '111111111111',
      CDK_DEFAULT_ACCOUNT: '111111111111',
      AWS_ENDPOINT_URL: endpoint,
    });
  });
});

it('sends S3 requests to an address, because <bucket>.localhost cannot be found everywhere', () => {
  expect(localEnvironment('http://localhost:4566')['AWS_ENDPOINT_URL_S3']).toBe(endpoint);
});
