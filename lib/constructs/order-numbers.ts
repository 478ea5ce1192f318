import { CfnOutput, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/order-numbers/env.ts';
import type { Config } from '../config-shape.ts';
import { grantOnTable } from './grant-on-table.ts';
import { grantReadSecret } from './grant-read-secret.ts';

export interface OrderNumbersProps {
  /** Of sequences: partition key `sequence`. */
  readonly table: ITable;
  readonly config: Config['orderNumbers'];
  readonly removalPolicy: RemovalPolicy;
}

/** What order numbers are made of: a table of sequences, and the secret whose key hides how many there are. Its first key is made when it is deployed. */
export class OrderNumbers extends Construct {
  readonly environment: Record<keyof Env, string>;
  private readonly table: ITable;
  private readonly keys: Secret;

  constructor(scope: Construct, id: string, { table, config, removalPolicy }: OrderNumbersProps) {
    super(scope, id);
    this.table = table;
    this.keys = new Secret(this, 'Keys', {
      description: 'Keys of the order numbers by version, and which is current, as JSON. Add keys; never change one.',
      removalPolicy,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ current: '1' }),
        generateStringKey: '1',
        passwordLength: 43,
        excludePunctuation: true,
      },
    });
    Validations.of(this.keys).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'Under another key a number is another’s: keys are added, with a version of their own, and never rotated in place.',
    });
    this.environment = {
      SEQUENCES_TABLE: table.tableName,
      ORDER_NUMBER_KEYS_ID: this.keys.secretArn,
      ORDER_NUMBER_KEYS_MAX_AGE_SECONDS: String(config.keysMaxAge.toSeconds()),
      SEGMENT_SIZE: String(config.segmentSize),
    };
    new CfnOutput(scope, 'OrderNumberKeysId', { value: this.keys.secretArn });
  }

  /** To take segments, to see how many were taken, and to read the keys. */
  grantGiveOut(fn: IFunction): void {
    grantOnTable(fn, this.table, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    grantReadSecret(fn, this.keys);
  }
  /** One item of the table that is no sequence: for whoever has to remember how far it has come. No sequence can be changed by it. */
  grantRemember(fn: IFunction, key: string): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [this.table.tableArn],
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [key] } },
      }),
    );
  }
}
