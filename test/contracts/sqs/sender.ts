import type { SQSClient } from '@aws-sdk/client-sqs';
import { encodeMessage, maxMessageBytes, type SqsMessage } from '../../../lambdas/shared/broker/envelope.ts';
import { createSqsQueueSender } from '../../../lambdas/shared/broker/queue-sender.ts';
import { message } from '../../unit/lambdas/builders.ts';
import { queue } from '../../unit/rabbitmq/topology-builders.ts';
import type { Check } from '../check.ts';
import { decoded, queuesFor } from './queues.ts';

/** What SQS must do for `createSqsQueueSender` to keep its promises, and that it keeps them. */
export function senderContract(sqs: SQSClient, check: Check = it): void {
  describe('messages that are sent', () => {
    const queues = queuesFor(sqs, [queue('plain'), queue('in-order', { singleActiveConsumer: true })]);
    const sender = createSqsQueueSender({ sqs, maxAttempts: 2, sleep: async () => {}, random: () => 0 });
    const send = (name: string, messages: readonly SqsMessage[], inOrder = false) =>
      sender.send(
        queues.urlOf(name),
        messages.map((one) => ({ inOrder, encode: async () => one })),
      );
    const toSend = (payload: string): SqsMessage => encodeMessage(message({ payload }));
    // What a failed promise leaves behind must not fail the next.
    afterEach(() => queues.take('plain', 0));
    const kinds = (outcomes: readonly { readonly outcome: string }[]) => outcomes.map(({ outcome }) => outcome);

    check(
      'are stored once each, however many calls it takes, under the SQS message ids that are answered',
      async () => {
        const payloads = Array.from({ length: 25 }, (_, at) => `batch-${at}`);

        const outcomes = await send('plain', payloads.map(toSend));

        const taken = await queues.take('plain', 25);
        expect(taken.map(({ Body }) => Body).sort()).toEqual(payloads.sort());
        const ids = outcomes.map((one) => (one.outcome === 'stored' && 'sqsMessageId' in one ? one.sqsMessageId : one));
        expect(ids.sort()).toEqual(taken.map(({ MessageId }) => MessageId).sort());
      },
    );

    check('arrive as they were, envelope and all', async () => {
      const sent = message({
        exchange: 'é "quoted" & <tagged>',
        properties: { message_id: 'event-1', content_type: 'text/plain', priority: 3 },
        headers: { deep: { list: [1, 'two', null] }, 支付: '成功' },
        payload: ' \t\r\n"<&>\' é 支付 🐰 ',
      });

      await send('plain', [encodeMessage(sent)]);

      expect((await queues.take('plain', 1)).map(decoded)).toEqual([sent]);
    });

    check('may be as large as SQS takes them', async () => {
      const { MessageBody, MessageAttributes } = toSend('');
      const room = maxMessageBytes - Buffer.byteLength(JSON.stringify(MessageAttributes)) - MessageBody.length;

      expect(kinds(await send('plain', [toSend('x'.repeat(room))]))).toEqual(['stored']);

      const [large] = await queues.take('plain', 1);
      expect(large?.Body).toHaveLength(room);
    });

    check('to a queue that is not there are refused, all of them', async () => {
      const outcomes = await send('missing', ['a', 'b'].map(toSend));

      expect(kinds(outcomes)).toEqual(['refused', 'refused']);
      expect(outcomes).toMatchObject(outcomes.map(() => ({ reason: expect.stringContaining('QueueDoesNotExist') })));
    });

    check('are stored beside one that SQS refuses: it names that one among the failed', async () => {
      const tooLate = { ...toSend('too late'), DelaySeconds: 901 };

      expect(kinds(await send('plain', [toSend('one'), tooLate, toSend('two')]))).toEqual([
        'stored',
        'refused',
        'stored',
      ]);

      expect((await queues.take('plain', 2)).map(({ Body }) => Body).sort()).toEqual(['one', 'two']);
    });

    check('with a delay are handed out after it, and not before', async () => {
      await send('plain', [{ ...toSend('later'), DelaySeconds: 2 }]);

      expect(await queues.receive('plain')).toEqual([]);
      expect((await queues.take('plain', 1)).map(({ Body }) => Body)).toEqual(['later']);
    });

    check('to a FIFO queue keep their order, and a repeat is not stored again', async () => {
      const inOrder = Array.from({ length: 12 }, (_, at) => ({
        ...toSend(`ordered-${at}`),
        MessageGroupId: 'queue',
        MessageDeduplicationId: `dedup-${queues.namePrefix}-${at}`,
      }));
      await send('in-order', inOrder, true);

      expect(kinds(await send('in-order', inOrder.slice(0, 1), true))).toEqual(['stored']);

      const bodies = (await queues.take('in-order', 12)).map(({ Body }) => Body);
      expect(bodies).toEqual(inOrder.map(({ MessageBody }) => MessageBody));
    });
  });
}
