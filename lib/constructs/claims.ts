import { type Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';

export interface ClaimsProps {
  /** `<app>-<stage>`: begins the bucket's name, so that policies of other stacks can name it. */
  readonly name: string;
  /** Longer than a message can wait anywhere; a synth rule refuses less. */
  readonly expiresAfter: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** Where bodies lie that are too large for SQS, each under its SHA-256. A body that is put again lives on from then. */
export class Claims extends Construct {
  readonly bucket: Bucket;
  private readonly name: string;

  constructor(scope: Construct, id: string, { name, expiresAfter, removalPolicy }: ClaimsProps) {
    super(scope, id);
    this.name = `${name}-bodies`;
    const { account, region } = Stack.of(this);
    this.bucket = new Bucket(this, 'Bucket', {
      // Names of buckets are shared by all accounts.
      bucketName: `${this.name}-${account}-${region}`,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Not versioned: an old version would be a second copy of the same bytes.
      lifecycleRules: [{ id: 'no-message-is-older', expiration: expiresAfter }],
      removalPolicy,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'Access logs would name every body and need a bucket of their own: functions alone may read and write, and CloudTrail can record them.',
    });
  }

  /** What a publisher needs to know. */
  get environment(): Pick<Record<keyof BrokerEnv, string>, 'CLAIM_BUCKET'> {
    return { CLAIM_BUCKET: this.bucket.bucketName };
  }

  /** Lets the function store bodies here. Not CDK's own grant, which is all of `s3:PutObject*` and more. */
  grantKeep(fn: IFunction): void {
    this.grant(fn, 's3:PutObject');
  }

  /** Lets the function read bodies. Without s3:ListBucket it cannot tell a missing one from one that it may not read. */
  grantFetch(fn: IFunction): void {
    this.grant(fn, 's3:GetObject');
  }

  private grant(fn: IFunction, action: string): void {
    const { partition, account, region } = Stack.of(fn);
    const objects = `arn:${partition}:s3:::${this.name}-${account}-${region}/*`;
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [action],
        resources: [objects],
        // The name alone could be somebody else's bucket.
        conditions: { StringEquals: { 's3:ResourceAccount': account } },
      }),
    );
    if (!fn.role) return;
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${this.name}-<AWS::AccountId>-<AWS::Region>/*]`,
      reason: 'A body is named by its checksum; the bucket holds nothing else.',
    });
  }
}
