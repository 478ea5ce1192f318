import { createHash } from 'node:crypto';
import { GetObjectCommand, NoSuchKey, type PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { BodyMissingError } from '../../../../../lambdas/shared/broker/claim.ts';
import { createS3Claims } from '../../../../../lambdas/shared/broker/s3-claims.ts';
import { rejectionOf } from '../../builders.ts';

const body = Buffer.from('支付成功');
const key = createHash('sha256').update(body).digest('hex');

/** A bucket as far as two calls go; `fault` is what each ends in. */
function bucket(fault?: Error) {
  const inputs: object[] = [];
  let clients = 0;
  const s3 = async () => {
    clients++;
    return Object.assign(new S3Client({ region: 'eu-west-1' }), {
      send: async (command: PutObjectCommand | GetObjectCommand) => {
        inputs.push(command.input);
        if (fault) throw fault;
        return command instanceof GetObjectCommand ? { Body: { transformToByteArray: async () => body } } : {};
      },
    });
  };
  return { claims: createS3Claims({ s3, bucket: 'bodies' }), inputs, clients: () => clients };
}

const answered = (httpStatusCode: number, name: string) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });

describe('a body in S3', () => {
  it('lies under its checksum, which S3 compares with what arrives', async () => {
    const { claims, inputs } = bucket();

    await claims.keep(key, body);

    const ChecksumSHA256 = createHash('sha256').update(body).digest('base64');
    expect(inputs).toEqual([{ Bucket: 'bodies', Key: key, Body: body, ContentLength: 12, ChecksumSHA256 }]);
  });

  it('comes back byte for byte', async () => {
    const { claims, inputs } = bucket();

    expect(Buffer.from(await claims.fetch(key))).toEqual(body);
    expect(inputs).toEqual([{ Bucket: 'bodies', Key: key }]);
  });

  it('costs no client until there is one, and then one for all', async () => {
    const { claims, clients } = bucket();
    expect(clients()).toBe(0);

    await Promise.all([claims.keep(key, body), claims.keep(key, body), claims.fetch(key)]);

    expect(clients()).toBe(1);
  });

  it.each([
    ['is not there', new NoSuchKey({ message: 'gone', $metadata: { httpStatusCode: 404 } })],
    ['is not there and may not be looked for', answered(403, 'AccessDenied')],
  ])('that %s is missing, by its key', async (_, fault) => {
    const error = await rejectionOf(bucket(fault).claims.fetch(key));

    expect(error).toBeInstanceOf(BodyMissingError);
    expect(error).toMatchObject({ message: expect.stringContaining(key), cause: fault });
  });

  it.each([
    ['throttled', answered(503, 'SlowDown')],
    ['silent', new Error('socket timed out')],
  ])('is neither there nor missing while S3 is %s', async (_, fault) => {
    expect(await rejectionOf(bucket(fault).claims.fetch(key))).toBe(fault);
    expect(await rejectionOf(bucket(fault).claims.keep(key, body))).toBe(fault);
  });
});
