import { randomUUID } from 'node:crypto';
import { PermanentError } from '../../lambdas/shared/consumer/errors.ts';
import { eventually } from '../../local/eventually.ts';
import { answer, startAwsProxy } from '../support/aws-proxy.ts';
import { deployment, exceptionOf, pitfallConsumer, recordOfKey, recordWith } from '../support/pitfall-consumer.ts';

/** Work whose receiver keys it by the business key, as all work must be: `runs` may be many, `effects` are what is seen. */
function work() {
  const runs: string[] = [];
  const handle = async ({ body: { key } }: { readonly body: { readonly key: string } }) => void runs.push(key);
  return { runs, handle, effects: () => [...new Set(runs)] };
}

/** The local DynamoDB, on which calls of one operation break whose body holds the text, before they are carried out. */
function brokenDynamoDb(operation: string, text: RegExp) {
  return startAwsProxy(deployment.endpoint, async (call, response) => {
    if (call.operation.endsWith(`.${operation}`) && text.test(call.body.toString())) response.destroy();
    else answer(response, await call.forward());
  });
}

const never = () => new Promise<never>(() => {});
const newKey = () => `key-${randomUUID()}`;

// docs/powertools.md lists them all, and says what Warren does about each.
describe('the pitfalls of Powertools Idempotency', () => {
  it('P1 a run that crashes holds its key until its time is over, not for as long as keys are remembered', async () => {
    const [key, begun, { runs, handle }] = [newKey(), Promise.withResolvers<void>(), work()];
    const crashing = pitfallConsumer({
      remainingMs: 1_500,
      handle: () => {
        begun.resolve();
        return never();
      },
    });
    const before = Date.now();
    void crashing.take(recordWith({ key }));
    await begun.promise;

    const locked = await recordOfKey(crashing.queue, key);
    const next = pitfallConsumer({ queue: crashing.queue, handle });
    const failed = await eventually(
      () => next.take(recordWith({ key })),
      (count) => count === 0,
      20_000,
    );

    expect(locked).toMatchObject({ status: 'INPROGRESS', in_progress_expiration: expect.any(Number) });
    expect(locked?.['in_progress_expiration']).toBeGreaterThanOrEqual(before + 1_500);
    expect(locked?.['in_progress_expiration']).toBeLessThanOrEqual(Date.now() + 1_500);
    expect([failed, runs]).toEqual([0, [key]]);
  });

  it('P3 messages without a key are not all one: each is an exception, and no work is skipped for another', async () => {
    const { runs, handle } = work();
    const keyless = pitfallConsumer({ handle });
    const emptyKey = pitfallConsumer({ handle, businessKey: () => '' });
    const records = [recordWith({ content: 1 }), recordWith({ content: 2 })];

    expect(await keyless.take(...records)).toBe(0);
    expect(await Promise.all(records.map(exceptionOf))).toEqual(['rejected', 'rejected']);
    expect(await emptyKey.take(recordWith({ key: 'a' }), recordWith({ key: 'b' }))).toBe(2);
    expect(runs).toEqual([]);
  });

  it('P4 keys that look false are keys like any other', async () => {
    const { runs, handle } = work();
    const { take } = pitfallConsumer({ handle });
    const keys = ['0', 'false', 'null', ' '];

    for (let time = 0; time < 2; time++) expect(await take(...keys.map((key) => recordWith({ key })))).toBe(0);

    expect(runs).toEqual(keys);
  });

  it('P5 two queues share no key, and a function that is renamed forgets none', async () => {
    const key = newKey();
    const [first, second, renamed] = [work(), work(), work()];
    const one = pitfallConsumer({ handle: first.handle });
    await one.take(recordWith({ key }));
    await pitfallConsumer({ handle: second.handle }).take(recordWith({ key }));

    const name = process.env['AWS_LAMBDA_FUNCTION_NAME'];
    process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'renamed';
    await pitfallConsumer({ queue: one.queue, handle: renamed.handle }).take(recordWith({ key }));
    if (name === undefined) delete process.env['AWS_LAMBDA_FUNCTION_NAME'];
    else process.env['AWS_LAMBDA_FUNCTION_NAME'] = name;

    expect([first.runs, second.runs, renamed.runs]).toEqual([[key], [key], []]);
  });

  it('P6 work inside of other work ends under its own key, and the other under its own', async () => {
    const [key, { runs, handle }] = [newKey(), work()];
    const inner = pitfallConsumer({ handle });
    const outer = pitfallConsumer({
      handle: async (delivery) => {
        await inner.take(recordWith({ key }));
        await handle(delivery);
      },
    });

    expect(await outer.take(recordWith({ key }))).toBe(0);

    expect(await recordOfKey(inner.queue, key)).toMatchObject({ status: 'COMPLETED' });
    expect(await recordOfKey(outer.queue, key)).toMatchObject({ status: 'COMPLETED' });
    expect(runs).toEqual([key, key]);
  });

  it('P7 each consumer keeps its own configuration, whichever was made first', async () => {
    const [key, { handle }] = [newKey(), work()];
    const [hour, day] = [3600, 86_400].map((expiresAfterSeconds) => pitfallConsumer({ handle, expiresAfterSeconds }));
    const before = Math.floor(Date.now() / 1000);

    await hour?.take(recordWith({ key }));
    await day?.take(recordWith({ key }));

    const remembered = async (queue = '') => Number((await recordOfKey(queue, key))?.['expiration']) - before;
    expect(await remembered(hour?.queue)).toBeLessThan(7_200);
    expect(await remembered(day?.queue)).toBeGreaterThanOrEqual(86_400);
  });

  it.each<[string, unknown]>([
    ['a property that is undefined', { a: undefined }],
    ['a Date', new Date()],
    ['an instance of a class', new Map([[1, new Error('x')]])],
    ['a function', () => {}],
    ['nothing', undefined],
  ])('P8 what a handler returns is not stored, so that nothing in it can be: %s', async (_, result) => {
    const [key, { runs, handle }] = [newKey(), work()];
    const { take, queue } = pitfallConsumer({
      handle: async (delivery) => {
        await handle(delivery);
        return result as never;
      },
    });

    expect([await take(recordWith({ key })), await take(recordWith({ key }))]).toEqual([0, 0]);

    expect(await recordOfKey(queue, key)).toMatchObject({ status: 'COMPLETED' });
    expect(runs).toEqual([key]);
  });

  it('P9 work that cannot be noted down as done is done again, under the key it had: one effect', async () => {
    const [key, { runs, handle, effects }] = [newKey(), work()];
    const proxy = await brokenDynamoDb('UpdateItem', /COMPLETED/);
    const broken = pitfallConsumer({ handle, remainingMs: 1_500, dynamoDbEndpoint: proxy.url });

    expect(await broken.take(recordWith({ key }))).toBe(1);
    await proxy.close();
    const next = pitfallConsumer({ queue: broken.queue, handle });
    const failed = await eventually(
      () => next.take(recordWith({ key })),
      (count) => count === 0,
      20_000,
    );

    expect([failed, runs, effects()]).toEqual([0, [key, key], [key]]);
    expect(await recordOfKey(broken.queue, key)).toMatchObject({ status: 'COMPLETED' });
  });

  it('P10 a handler’s own error decides, although the lock could not be taken away after it', async () => {
    const proxy = await brokenDynamoDb('DeleteItem', /#/);
    const { take, queue } = pitfallConsumer({
      handle: () => Promise.reject(new PermanentError('never')),
      dynamoDbEndpoint: proxy.url,
    });
    const key = newKey();
    const refused = recordWith({ key });

    const failed = await take(refused);
    await proxy.close();

    expect(failed).toBe(0);
    expect(await exceptionOf(refused)).toBe('rejected');
    expect(await recordOfKey(queue, key)).toMatchObject({ status: 'INPROGRESS' });
  });

  it('P11 a run that outlives its lock can make others forget what they did: it is done again under its key, one effect', async () => {
    const [key, { runs, handle, effects }] = [newKey(), work()];
    const [begun, late] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()];
    const outliving = pitfallConsumer({
      remainingMs: 1_000,
      handle: async (delivery) => {
        await handle(delivery);
        begun.resolve();
        await late.promise;
      },
    });
    const ended = outliving.take(recordWith({ key }));
    await begun.promise;
    const next = pitfallConsumer({ queue: outliving.queue, handle });
    await eventually(
      () => next.take(recordWith({ key })),
      (count) => count === 0,
      20_000,
    );
    late.reject(new Error('late'));
    await ended;

    const forgotten = await recordOfKey(outliving.queue, key);
    expect(await next.take(recordWith({ key }))).toBe(0);

    expect(forgotten).toBeUndefined();
    expect([runs.length, effects()]).toEqual([3, [key]]);
  });

  it('P12 while a run holds its key another does not work, nor believe that the work is done', async () => {
    const [key, { runs, handle }] = [newKey(), work()];
    const [begun, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = pitfallConsumer({
      handle: async (delivery) => {
        await handle(delivery);
        begun.resolve();
        await finish.promise;
      },
    });
    const ended = first.take(recordWith({ key }));
    await begun.promise;
    const second = pitfallConsumer({ queue: first.queue, handle });

    const meanwhile = await second.take(recordWith({ key }));
    finish.resolve();

    expect([meanwhile, await ended, await second.take(recordWith({ key }))]).toEqual([1, 0, 0]);
    expect(runs).toEqual([key]);
  });

  it('P13 another receipt and another receive count do not make another message', async () => {
    const [key, { runs, handle }] = [newKey(), work()];
    const { take } = pitfallConsumer({ handle });
    const record = recordWith({ key });
    const attributes = { ...record.attributes, ApproximateReceiveCount: '2' };

    expect(await take(record)).toBe(0);
    expect(await take({ ...record, receiptHandle: 'another', attributes })).toBe(0);

    expect(runs).toEqual([key]);
  });

  it('P14 nor does another SQS message id, which each send and each redrive gives', async () => {
    const [key, { runs, handle }] = [newKey(), work()];
    const { take } = pitfallConsumer({ handle });

    for (const messageId of [randomUUID(), randomUUID()]) {
      expect(await take(recordWith({ key }, { messageId }))).toBe(0);
    }

    expect(runs).toEqual([key]);
  });

  it('P15 a key twice in one batch is a repeat, not a failure', async () => {
    const [key, { runs, handle }] = [newKey(), work()];
    const { take } = pitfallConsumer({ handle });

    expect(await take(recordWith({ key }), recordWith({ key }), recordWith({ key }))).toBe(0);

    expect(runs).toEqual([key]);
  });

  it('P16 a repeat with the same content is a repeat; one with other content is an exception', async () => {
    const [key, { runs, handle }] = [newKey(), work()];
    const { take } = pitfallConsumer({ handle });
    const other = recordWith({ key, content: 2 });

    expect(await take(recordWith({ key, content: 1 }), recordWith({ key, content: 1 }), other)).toBe(0);

    expect(runs).toEqual([key]);
    expect(await exceptionOf(other)).toBe('rejected');
  });
});
