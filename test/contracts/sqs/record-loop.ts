import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { createSqsBroker } from '../../../lambdas/shared/broker/sqs-broker.ts';
import type { Delivery } from '../../../lambdas/shared/consumer/consumer.ts';
import { consumerEnvSchema } from '../../../lambdas/shared/consumer/env.ts';
import { PermanentError, RetryableError } from '../../../lambdas/shared/consumer/errors.ts';
import { createSqsConsumer } from '../../../lambdas/shared/consumer/sqs-consumer.ts';
import { eventually } from '../../../local/eventually.ts';
import { CountingMeter, message, silentLog } from '../../unit/lambdas/builders.ts';
import { bindQueue, exchange, queue, topology } from '../../unit/rabbitmq/topology-builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from '../dynamodb/tables.ts';
import { brokerEnv, unused } from './broker.ts';
import { decoded, type Handler, maxReceiveCount, queuesFor } from './queues.ts';

const schema = z.object({ id: z.string() });
type Handle = (delivery: Delivery<z.infer<typeof schema>>) => Promise<void>;

/** A consumer on real queues and tables: from the publish to the effect, or to where the message ends. */
export function recordLoopContract(sqs: SQSClient, dynamoDb: DynamoDBClient, check: Check = it): void {
  describe('a message that is consumed', () => {
    const work = queue('work', { deadLetterExchange: 'dead', deliveryLimit: 1 });
    const lonely = queue('lonely');
    const letters = queue('letters');
    const queues = queuesFor(sqs, [work, lonely, letters]);
    const documents = DynamoDBDocumentClient.from(dynamoDb, { marshallOptions: { removeUndefinedValues: true } });
    const idempotency = tableFor(documents, 'id');
    const exceptions = tableFor(documents, 'event_id', 'source');

    /** A consumer of the queue, and a way to publish to it. */
    function given(name: 'work' | 'lonely', handle: Handle) {
      const env = consumerEnvSchema.parse({
        ...brokerEnv(queues),
        IDEMPOTENCY_TABLE: idempotency.name,
        IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '3600',
        EXCEPTIONS_TABLE: exceptions.name,
        EXCEPTIONS_KEEP_SECONDS: '60',
        MAX_RECEIVES: '1000',
        DELIVERY_LIMIT: '1',
        RETRY_MIN_SECONDS: '0',
        RETRY_MAX_SECONDS: '1',
        RETRY_SCHEDULE_SECONDS: '',
        CONSUMER: 'work',
        CIRCUITS_TABLE: 'none',
        CIRCUIT_OPENS_AFTER: '0',
        CIRCUIT_FIRST_PROBE_SECONDS: '60',
      });
      const deps = {
        env,
        topology: topology({
          exchanges: [exchange('dead', 'fanout')],
          queues: [work, lonely, letters],
          bindings: [bindQueue('dead', 'letters')],
        }),
        sqs,
        scheduler: new Proxy(Object.create(null), { get: unused }),
        s3: unused,
        dynamoDb,
        now: () => new Date(),
        log: silentLog,
        meter: new CountingMeter(),
      };
      const consumer = {
        queue: name,
        schema,
        businessKey: ({ id }: { id: string }) => id,
        comparable: () => [],
        handle,
      };
      const handler: Handler = createSqsConsumer(consumer, deps);
      return {
        handler,
        async publish(...ids: string[]) {
          const messages = ids.map((id) =>
            message({
              exchange: '',
              routingKeys: [name],
              properties: { message_id: id },
              payload: JSON.stringify({ id }),
            }),
          );
          const published = await createSqsBroker(deps).publish(messages);
          expect(published.map(({ confirm }) => confirm)).toEqual(ids.map(() => 'ack'));
        },
        /** Until the effect, or whatever is waited for, is there. */
        deliverUntil: (holds: () => boolean) =>
          eventually(
            () => queues.deliver(name, handler, 1),
            () => holds(),
            30_000,
          ),
      };
    }

    check('has one effect, although it was published twice', async () => {
      const applied: string[] = [];
      let handed = 0;
      const { handler, publish } = given('work', async ({ body }) => void applied.push(body.id));
      const id = randomUUID();
      await publish(id, id);

      await eventually(
        async () => (handed += (await queues.deliver('work', handler, 1)).length),
        (count) => count >= 2,
        30_000,
      );

      expect(applied).toEqual([id]);
      expect(await queues.receive('work')).toEqual([]);
    });

    check('is hidden for as long as its retry asks, and comes back: longer than that it is not hidden', async () => {
      const tries: boolean[] = [];
      const { publish, deliverUntil } = given('work', async ({ redelivered }) => {
        tries.push(redelivered);
        if (!redelivered) throw new RetryableError('later', { delaySeconds: 2 });
      });
      await publish(randomUUID());

      await deliverUntil(() => tries.length === 1);
      expect(await queues.receive('work')).toEqual([]);
      await deliverUntil(() => tries.length === 2);

      expect(tries).toEqual([false, true]);
    });

    check('fails alone in its batch', async () => {
      const applied: string[] = [];
      const bad = randomUUID();
      const good = [randomUUID(), randomUUID()];
      let failures = 0;
      const { publish, deliverUntil } = given('work', async ({ body }) => {
        if (body.id === bad && failures++ === 0) throw new Error('broken');
        applied.push(body.id);
      });
      await publish(...good, bad);

      await deliverUntil(() => applied.length === 3);

      expect(applied.toSorted()).toEqual([...good, bad].sort());
    });

    check('is dead-lettered at once when it is rejected', async () => {
      let tries = 0;
      const { publish, deliverUntil } = given('work', async () => {
        tries++;
        throw new PermanentError('never');
      });
      const id = randomUUID();
      await publish(id);

      await deliverUntil(() => tries > 0);

      const [letter] = (await queues.take('letters', 1)).map(decoded);
      expect(letter?.properties.message_id).toBe(id);
      expect(letter?.headers['x-death']).toMatchObject([{ queue: 'work', reason: 'rejected', count: 1 }]);
      expect(tries).toBe(1);
    });

    check('is dead-lettered when it fails once more than its delivery limit', async () => {
      let tries = 0;
      const { publish, deliverUntil } = given('work', async () => {
        tries++;
        throw new Error('broken');
      });
      const id = randomUUID();
      await publish(id);

      await deliverUntil(() => tries === 2);

      const [letter] = (await queues.take('letters', 1)).map(decoded);
      expect(letter?.properties.message_id).toBe(id);
      expect(letter?.headers['x-death']).toMatchObject([{ queue: 'work', reason: 'delivery_limit' }]);
      expect(await queues.receive('work')).toEqual([]);
    });

    check('is an exception where its queue has no dead-letter exchange', async () => {
      let tries = 0;
      const { publish, deliverUntil } = given('lonely', async () => {
        tries++;
        throw new PermanentError('never');
      });
      const id = randomUUID();
      await publish(id);

      await deliverUntil(() => tries > 0);

      const rows = (await exceptions.items()).filter((row) => row['event_id'] === id);
      expect(rows).toMatchObject([{ reason: 'rejected', state: 'open', body: JSON.stringify({ id }) }]);
      expect(await queues.receive('lonely')).toEqual([]);
    });

    check('is in the queue’s own dead-letter queue, whole, when nobody lives to answer for it', async () => {
      const { publish } = given('lonely', async () => {});
      const id = randomUUID();
      await publish(id);

      for (let received = 0; received < maxReceiveCount; received++) {
        const [found] = await eventually(
          () => queues.receive('lonely', 1),
          (messages) => messages.length > 0,
          15_000,
        );
        expect(found?.Attributes?.ApproximateReceiveCount).toBe(String(received + 1));
        await queues.show('lonely', found);
      }
      expect(await queues.receive('lonely')).toEqual([]);

      expect((await queues.takeDead('lonely', 1)).map((one) => decoded(one).properties.message_id)).toEqual([id]);
    });
  });
}
