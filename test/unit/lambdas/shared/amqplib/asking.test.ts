import { NotHereError } from '../../../../../lambdas/shared/amqplib/errors.ts';
import { content, opened } from './amqplib-on-fakes.ts';
import { held } from './held.ts';

describe('a method that a broker answers', () => {
  it('is answered once everything published before it is sent', async () => {
    const { begun, letGo, instead } = held();
    const { channel, stored } = await opened({}, undefined, instead);

    channel.publish('payments', 'ledger.x', content);
    let isAnswered = false;
    const asked = channel.checkQueue('ledger').then(() => {
      isAnswered = true;
    });
    await begun;
    expect(isAnswered).toBe(false);
    letGo();
    await asked;

    expect(stored()).toHaveLength(1);
  });

  it('that fails rejects the ones behind it, as their broker never saw them', async () => {
    const { channel } = await opened();
    const errors: Error[] = [];
    channel.on('error', (error) => errors.push(error));

    const [first, second] = await Promise.allSettled([channel.checkQueue('gone'), channel.checkQueue('ledger')]);

    expect(first).toMatchObject({ status: 'rejected', reason: { code: 404, classId: 50, methodId: 10 } });
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { message: 'Channel ended, no reply will be forthcoming' },
    });
    expect(errors).toHaveLength(1);
  });

  it('whose arguments AMQP cannot carry throws, and leaves the channel as it was', async () => {
    const { channel } = await opened();

    await expect(channel.assertQueue(5 as never)).rejects.toThrow("Field 'queue' is the wrong type");
    await expect(channel.assertQueue('ledger', { arguments: { n: 1n } })).rejects.toThrow(
      'Unknown type to encode: bigint',
    );
    await expect(channel.checkQueue('ledger')).resolves.toEqual({ queue: 'ledger' });
  });

  it('is refused on a closed channel', async () => {
    const { channel } = await opened();
    await channel.close();

    await expect(channel.assertQueue('ledger')).rejects.toThrow('Channel closed');
  });
});

describe('what amqplib’s channels do besides', () => {
  it.each(['consume', 'get', 'ack', 'prefetch', 'deleteQueue', 'purgeQueue', 'unbindQueue'])(
    'is not here, and says what is instead: %s',
    async (method) => {
      const { channel } = await opened();

      expect(() => Object(channel)[method]('ledger')).toThrow(NotHereError);
      expect(() => Object(channel)[method]('ledger')).toThrow(new RegExp(`^channel.${method} is not here: .+`));
    },
  );

  it('is not here: a queue that its server names', async () => {
    const { channel } = await opened();

    await expect(channel.assertQueue('')).rejects.toThrow(NotHereError);
  });
});
