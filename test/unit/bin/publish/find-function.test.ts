import { CloudFormationClient, CloudFormationServiceException } from '@aws-sdk/client-cloudformation';
import { findFunction } from '../../../../bin/warren/publish/find-function.ts';
import { rejectionOf } from '../../lambdas/builders.ts';

function cloudFormationThat(given: object | Error) {
  return Object.assign(new CloudFormationClient({ region: 'eu-west-1' }), {
    send: async ({ input: { StackName } }: { input: { StackName?: string } }) => {
      if (given instanceof Error) throw given;
      return StackName === 'warren-dev-stateless' ? given : { Stacks: [] };
    },
  });
}

const failure = (name: string, message: string) =>
  new CloudFormationServiceException({ name, message, $fault: 'client', $metadata: {} });

describe('the publish function of a stage', () => {
  it('is named by an output of its stack', async () => {
    const Outputs = [
      { OutputKey: 'PublishUrl', OutputValue: 'https://x' },
      { OutputKey: 'PublishFunction', OutputValue: 'fn' },
    ];

    expect(await findFunction(cloudFormationThat({ Stacks: [{ Outputs }] }), 'dev', 'PublishFunction')).toBe('fn');
  });

  it.each<[string, string, object | Error, RegExp]>([
    [
      'is not deployed',
      'dev',
      failure('ValidationError', 'Stack with id warren-dev-stateless does not exist'),
      /no stack warren-dev-stateless in eu-west-1. Deploy it: npx cdk deploy --all -c stage=dev, or choose another region or account/,
    ],
    [
      'is not deployed here',
      'local',
      failure('ValidationError', 'Stack with id warren-local-stateless does not exist'),
      /Deploy it: npm start -- --once/,
    ],
    [
      'is being deployed',
      'dev',
      { Stacks: [{}] },
      /warren-dev-stateless has no output PublishFunction: its deployment is not finished/,
    ],
    [
      'may not be looked up',
      'dev',
      failure('AccessDenied', 'not authorized'),
      /may not cloudformation:DescribeStacks on warren-dev-stateless/,
    ],
    [
      'cannot be reached',
      'dev',
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4599'), { code: 'ECONNREFUSED' }),
      /AWS cannot be reached \(connect ECONNREFUSED 127.0.0.1:4599\)\. Is there a network, .* npm start$/,
    ],
    ['cannot be asked', 'dev', new Error('a defect'), /cannot be looked up: Error: a defect/],
    [
      'of no stage there is',
      'nosuch',
      failure('ValidationError', 'Stack with id warren-nosuch-stateless does not exist'),
      /^'nosuch' is not a stage: there are local, dev, prod /,
    ],
  ])('that %s says what to do', async (_, stage, given, text) => {
    expect(await rejectionOf(findFunction(cloudFormationThat(given), stage, 'PublishFunction'))).toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(text),
    });
  });
});
