import path from 'node:path';
import { eventually } from '../../local/eventually.ts';
import { deployTopology, type TopologyDeployment } from '../support/topology-deployment.ts';

let deployed: TopologyDeployment;

beforeAll(async () => {
  deployed = await deployTopology(path.join(import.meta.dirname, 'fixtures/full-queues.json'), '000000000110');
}, 120_000);

const queue = (name: string) => ({ vhost: '/', name });

/** So many messages in one request; what became of each. */
async function publish(name: string, ids: readonly string[], payload = 'x', mode = 'confirm') {
  const messages = ids.map((message_id) => ({ exchange: '', routing_key: name, properties: { message_id }, payload }));
  return (await deployed.publish({ mode, messages })) as {
    readonly messages: readonly { readonly message_id: string; readonly confirm: string }[];
    readonly events: readonly object[];
  };
}

const confirmsOf = ({ messages }: Awaited<ReturnType<typeof publish>>) => messages.map(({ confirm }) => confirm);

describe('a queue with room for two messages', () => {
  it('nacks the third, and takes it once a consumer has made room (rules 4.5.20, 4.5.21)', async () => {
    expect(confirmsOf(await publish('refuses', ['a', 'b', 'c', 'd']))).toEqual(['ack', 'ack', 'nack', 'nack']);

    expect((await deployed.takeEventIds(queue('refuses'), 2)).sort()).toEqual(['a', 'b']);
    const confirms = await eventually(
      async () => confirmsOf(await publish('refuses', ['e'])),
      ([confirm]) => confirm === 'ack',
      10_000,
    );
    expect(confirms).toEqual(['ack']);
    expect(await deployed.takeEventIds(queue('refuses'), 1)).toEqual(['e']);
  });

  it('dead-letters as maxlen what it refuses, if it is told to, and nacks it all the same (rules 4.6.1, 4.6.9)', async () => {
    const answer = await publish('dead-letters-it', ['a', 'b', 'c']);

    expect(answer.messages).toMatchObject([
      { confirm: 'ack' },
      { confirm: 'ack' },
      {
        confirm: 'nack',
        queues: [{ outcome: 'refused', reason: 'it is full (x-max-length 2); dead-lettered as maxlen to letters' }],
      },
    ]);
    const [letter, ...others] = await deployed.take(queue('letters'), 1);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      exchange: 'over',
      properties: { message_id: 'c' },
      headers: { 'x-death': [{ count: 1, reason: 'maxlen', queue: 'dead-letters-it', exchange: '' }] },
    });
    expect((await deployed.takeEventIds(queue('dead-letters-it'), 2)).sort()).toEqual(['a', 'b']);
  });

  it('makes a transaction end in 406, and keeps what it took (rule 4.5.28)', async () => {
    const { events, messages } = await publish('refuses', ['t', 'u', 'v'], 'x', 'tx');

    expect(events).toMatchObject([{ method: 'channel.close', reply_code: 406 }]);
    const taken = messages.filter(({ confirm }) => confirm === 'ack').map(({ message_id }) => message_id);
    expect((await deployed.takeEventIds(queue('refuses'), taken.length)).sort()).toEqual(taken);
  });
});

describe('a queue with room for ten bytes', () => {
  it('nacks a second body of six', async () => {
    expect(confirmsOf(await publish('bytes', ['a', 'b'], '123456'))).toEqual(['ack', 'nack']);
  });
});
