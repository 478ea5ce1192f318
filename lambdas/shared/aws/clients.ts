import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The one place that makes SDK clients. Endpoint, region and credentials come from the environment, as on AWS. */

/** A service that does not answer must not hold a function until it is killed: what came of a call could then not be told. */
const impatient = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

export function sqsClient(config: SQSClientConfig = {}): SQSClient {
  // Queue URLs are computed from the topology: the region's endpoint (or AWS_ENDPOINT_URL) decides where they are sent.
  return new SQSClient({ ...config, ...impatient, useQueueUrlAsEndpoint: false });
}

export function schedulerClient(): SchedulerClient {
  return new SchedulerClient(impatient);
}

/** For a function that waits for another to be done. Not tried again: the other may be at it. */
export function patientLambdaClient(): LambdaClient {
  return new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000 } });
}

export function cloudWatchClient(): CloudWatchClient {
  return new CloudWatchClient(impatient);
}

export function dynamoDbClient(): DynamoDBClient {
  return new DynamoDBClient(impatient);
}

/**
 * Loaded when it is first needed: few bodies are too large for SQS, and every cold start would be a third longer. A large body takes longer
 * than other calls, so it is the silence of the connection that is limited.
 */
export async function s3Client(): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({ maxAttempts: 3, requestHandler: { connectionTimeout: 1_000, socketTimeout: 3_000 } });
}

export function documentClient(client = dynamoDbClient()): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

export function secretsManagerClient(): SecretsManagerClient {
  return new SecretsManagerClient(impatient);
}

export function snsClient(): SNSClient {
  return new SNSClient(impatient);
}
