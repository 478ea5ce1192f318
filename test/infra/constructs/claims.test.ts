import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Claims } from '../../../lib/constructs/claims.ts';
import { givenFunction } from '../support/givens.ts';
import { allowedIn, emptyStack, resourcesIn, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

function givenClaims() {
  const stack = emptyStack();
  const claims = new Claims(stack, 'Claims', {
    name: 'shop-test',
    expiresAfter: Duration.days(90),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return { stack, claims };
}

describe('the bucket of bodies', () => {
  it('is private, encrypted, reached by TLS only, without ACLs and versions, and forgets after its time', () => {
    const { stack } = givenClaims();
    const template = Template.fromStack(stack);

    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 90 }] },
      VersioningConfiguration: Match.absent(),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
  });

  it('lets a publisher put bodies and a consumer get them, of this account, and nothing else', () => {
    const { stack, claims } = givenClaims();
    const { fn } = givenFunction(stack);

    claims.grantKeep(fn);
    claims.grantFetch(fn);

    const Resource = {
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':s3:::shop-test-bodies-',
          { Ref: 'AWS::AccountId' },
          '-',
          { Ref: 'AWS::Region' },
          '/*',
        ],
      ],
    };
    const Condition = { StringEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } } };
    const statements = allowedIn(resourcesIn(Template.fromStack(stack))).filter(({ Action }) =>
      JSON.stringify(Action).includes('s3:'),
    );
    expect(statements).toEqual([{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource, Condition }]);
  });
});
