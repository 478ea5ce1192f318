import type { S3Client } from '@aws-sdk/client-s3';
import { BodyMissingError } from './claim.ts';
import type { Claims } from './claim-check.ts';

export interface S3ClaimsDeps {
  /** Called when a body first needs it. */
  readonly s3: () => Promise<S3Client>;
  readonly bucket: string;
}

/** Bodies as objects. A put is one object or none, and begins the bucket's expiry anew (S3 user guide, lifecycle-expire-general-considerations). */
export function createS3Claims({ s3, bucket: Bucket }: S3ClaimsDeps): Claims {
  let client: Promise<S3Client> | undefined;
  const connect = (): Promise<S3Client> => {
    client ??= s3();
    return client;
  };
  return {
    async keep(Key, body, deadline) {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      // S3 compares the bytes that arrive with their digest, which is the name.
      const ChecksumSHA256 = Buffer.from(Key, 'hex').toString('base64');
      const client = await connect();
      const object = { Bucket, Key, Body: body, ContentLength: body.length, ChecksumSHA256 };
      await client.send(new PutObjectCommand(object), { abortSignal: deadline });
    },
    async fetch(Key) {
      const { GetObjectCommand, NoSuchKey, S3ServiceException } = await import('@aws-sdk/client-s3');
      const client = await connect();
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        if (!Body) throw new BodyMissingError(Key, undefined);
        return await Body.transformToByteArray();
      } catch (error) {
        const isDenied = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403;
        if (error instanceof NoSuchKey || isDenied) throw new BodyMissingError(Key, error);
        throw error;
      }
    },
  };
}
