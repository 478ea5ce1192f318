import type { SQSClient } from '@aws-sdk/client-sqs';
import { brokerEnvSchema } from '../../../lambdas/shared/broker/env.ts';
import { createSqsBroker } from '../../../lambdas/shared/broker/sqs-broker.ts';
import { noDelaysEnv } from '../../support/no-delays.ts';
import { CountingMeter, message, now } from '../../unit/lambdas/builders.ts';
import { bindQueue, exchange, queue, topology } from '../../unit/rabbitmq/topology-builders.ts';
import type { Check } from '../check.ts';
import { decoded, queuesFor, type TestQueues } from './queues.ts';

/** Of clients that a contract has no use for. */
export const unused = (): never => {
  throw new Error('Not implemented');
};

/** What a publisher's function is told, with queues that no stack has deployed. */
export function brokerEnv({ namePrefix, urlBase }: TestQueues) {
  return { ...noDelaysEnv, QUEUE_NAME_PREFIX: namePrefix, QUEUE_URL_BASE: urlBase() };
}

/** Confirms, as they come from the queues themselves. */
export function brokerContract(sqs: SQSClient, check: Check = it): void {
  describe('messages that are published', () => {
    const one = queue('one');
    const two = queue('two');
    const full = queue('full', { maxLength: 2, overflow: 'reject-publish' });
    const queues = queuesFor(sqs, [one, two, full]);
    const routes = topology({
      exchanges: [exchange('events', 'topic')],
      queues: [one, two, full, queue('not-deployed')],
      bindings: [
        bindQueue('events', 'one', 'order.*'),
        bindQueue('events', 'two', '#'),
        bindQueue('events', 'not-deployed', 'order.lost'),
      ],
    });
    const broker = () =>
      createSqsBroker({
        env: brokerEnvSchema.parse(brokerEnv(queues)),
        topology: routes,
        sqs,
        // Nothing waits longer than SQS delays, and nothing is too large for it.
        scheduler: new Proxy(Object.create(null), { get: unused }),
        s3: unused,
        meter: new CountingMeter(),
        now: () => now,
      });
    const toPublish = (key: string, payload = key) => message({ exchange: 'events', routingKeys: [key], payload });

    check('are acked when every queue has stored its copy, and each copy is the message', async () => {
      const sent = toPublish('order.paid');

      const [published] = await broker().publish([sent]);

      expect(published).toMatchObject({
        confirm: 'ack',
        queues: [
          { queue: 'one', outcome: 'stored' },
          { queue: 'two', outcome: 'stored' },
        ],
      });
      expect((await queues.take('one', 1)).map(decoded)).toEqual([sent]);
      expect((await queues.take('two', 1)).map(decoded)).toEqual([sent]);
    });

    check('are nacked when one queue has not, while the others keep theirs', async () => {
      const [lost, fine] = await broker().publish([toPublish('order.lost'), toPublish('note.added')]);

      expect(lost).toMatchObject({ confirm: 'nack' });
      expect(lost?.queues.map(({ queue: name, outcome }) => [name, outcome]).sort()).toEqual([
        ['not-deployed', 'refused'],
        ['one', 'stored'],
        ['two', 'stored'],
      ]);
      expect(fine).toMatchObject({ confirm: 'ack', queues: [{ queue: 'two' }] });
      expect(await queues.take('one', 1)).toHaveLength(1);
      expect((await queues.take('two', 2)).map(({ Body }) => Body).sort()).toEqual(['note.added', 'order.lost']);
    });

    check('are nacked by a queue that is full, by the length that SQS tells', async () => {
      const toFull = (payload: string) => message({ exchange: '', routingKeys: ['full'], payload });
      await broker().publish(['a', 'b'].map(toFull));

      const [refused] = await broker().publish([toFull('c')]);

      expect(refused).toMatchObject({ confirm: 'nack', queues: [{ queue: 'full', outcome: 'refused' }] });
      expect(await queues.take('full', 2)).toHaveLength(2);
    });
  });
}
