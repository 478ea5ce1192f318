import { z } from 'zod';
import { consumerEnvSchema } from '../../../../lambdas/shared/consumer/env.ts';
import { InvalidEnvironmentError, parseEnv } from '../../../../lambdas/shared/env.ts';
import { noDelaysEnv } from '../../../support/no-delays.ts';
import { errorOf } from '../builders.ts';

const complete = {
  QUEUE_NAME_PREFIX: 'warren-dev',
  QUEUE_URL_BASE: 'https://sqs.us-east-1.amazonaws.com/000000000000/',
  ...noDelaysEnv,
  IDEMPOTENCY_TABLE: 'idempotency',
  IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '2592000',
  EXCEPTIONS_TABLE: 'exceptions',
  EXCEPTIONS_KEEP_SECONDS: '60',
  MAX_RECEIVES: '1000',
  DELIVERY_LIMIT: '8',
  RETRY_MIN_SECONDS: '5',
  RETRY_MAX_SECONDS: '60',
  RETRY_SCHEDULE_SECONDS: '15,30',
  CONSUMER: 'orders',
  CIRCUITS_TABLE: 'circuits',
  CIRCUIT_OPENS_AFTER: '10',
  CIRCUIT_FIRST_PROBE_SECONDS: '60',
};

describe('a function’s environment', () => {
  it('is read into what its schema says, and nothing besides', () => {
    expect(parseEnv(consumerEnvSchema, { ...complete, PATH: '/bin' })).toEqual({
      ...complete,
      EXCEPTIONS_KEEP_SECONDS: 60,
      MAX_RECEIVES: 1000,
      MAX_BODY_BYTES: 16_777_216,
      QUEUE_DEPTH_MAX_AGE_MS: 1000,
      IDEMPOTENCY_EXPIRES_AFTER_SECONDS: 2592000,
      DELIVERY_LIMIT: 8,
      RETRY_MIN_SECONDS: 5,
      RETRY_MAX_SECONDS: 60,
      RETRY_SCHEDULE_SECONDS: [15, 30],
      CIRCUIT_OPENS_AFTER: 10,
      CIRCUIT_FIRST_PROBE_SECONDS: 60,
    });
  });

  it('that lacks variables or holds wrong ones is refused by their names, all at once', () => {
    const { IDEMPOTENCY_TABLE: _, ...incomplete } = complete;

    const error = errorOf(() =>
      parseEnv(consumerEnvSchema, { ...incomplete, QUEUE_URL_BASE: 'not a url', RETRY_MAX_SECONDS: '-1' }),
    );

    expect(error).toBeInstanceOf(InvalidEnvironmentError);
    for (const name of ['IDEMPOTENCY_TABLE', 'QUEUE_URL_BASE', 'RETRY_MAX_SECONDS']) {
      expect(error).toMatchObject({ message: expect.stringContaining(name) });
    }
    expect(error).not.toMatchObject({ message: expect.stringContaining('QUEUE_NAME_PREFIX') });
  });

  it('is never quoted, whatever is wrong with a value', () => {
    const value = 'hunter2';
    const schema = z.object({
      A: z.coerce.number(),
      B: z.url(),
      C: z.enum(['dev', 'prod']),
      D: z.literal('on'),
      E: z.string().max(3),
      F: z.string().regex(/^\d+$/),
    });

    const error = errorOf(() => parseEnv(schema, { A: value, B: value, C: value, D: value, E: value, F: value }));

    expect(error).toMatchObject({ message: expect.stringMatching(/A .*B .*C .*D .*E .*F /) });
    expect(String(error)).not.toContain(value);
  });
});
