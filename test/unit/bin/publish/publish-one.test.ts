import { RequestFailedError } from '../../../../bin/warren/publish/producer.ts';
import { answering, FakeFunction, publish } from './publish-on-fakes.ts';

const toLedger = ['-e', 'payments', '-k', 'ledger.x', '--payload', 'x'];
const nowhere = ['-e', 'payments', '-k', 'nowhere', '--payload', 'x'];

describe('one message', () => {
  it('is acked, with the queues it is in', async () => {
    const { status, stdout, fn } = await publish(['-e', 'payments', '-k', 'payment.success', '--payload', 'x']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^acked: made-\d+ is in audit, orders\n$/);
    expect(fn.requests).toMatchObject([{ vhost: '/', mode: 'confirm', messages: [{ payload: 'x' }] }]);
  });

  it('that no queue is bound for is acked and nowhere; a mandatory one comes back, which is exit status 1', async () => {
    const acked = await publish(nowhere);
    const returned = await publish([...nowhere, '--mandatory']);

    expect(acked).toMatchObject({ status: 0, stdout: expect.stringContaining('in no queue') });
    expect(returned).toMatchObject({ status: 1, stdout: expect.stringMatching(/^returned: made-\d+, no queue/) });
  });

  it('of the outbox is acked when its row is there, and says how many queues are bound for it', async () => {
    const toTwo = await publish(['-e', 'payments', '-k', 'payment.success', '--payload', 'x', '--outbox']);
    const toNone = await publish([...nowhere, '--outbox']);

    expect(toTwo).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^acked: made-\d+ is in the outbox; 2 queues are bound for it\n$/),
    });
    expect(toNone).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /is in the outbox; no queue is bound for it: if that is still so when it is relayed, it becomes an exception\n$/,
      ),
    });
  });

  it.each([
    ['250', 'will be in ledger in 250 ms'],
    ['900000', 'will be in ledger in 900 s'],
  ])('with a delay of %s ms is said to come, not to be there', async (delay, where) => {
    const { status, stdout } = await publish([...toLedger, '--delay', delay]);

    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(`^acked: made-\\d+ ${where}\n$`) });
  });

  it('that can never be stored is not to be repeated as it is', async () => {
    const { status, stdout } = await publish([...toLedger, '--delay', String(2 ** 32)]);

    expect(status).toBe(1);
    expect(stdout).toMatch(/^nacked: (made-\d+)\n {2}ledger: refused, a delay of .*\nAs it is .* Repaired, .*=\1\n$/);
  });

  it('that its transaction is refused for says so', async () => {
    const { stdout } = await publish([...toLedger, '--tx'], { fn: new FakeFunction(answering({ refused: ['x'] })) });

    expect(stdout).toMatch(/^nacked: /);
    expect(stdout).toMatch(/\nThe transaction did not complete: 406 PRECONDITION_FAILED - partial tx completion\n$/);
  });

  it('without a body must be meant: nothing on stdin is more often a pipe that broke', async () => {
    const args = ['-e', 'payments', '-k', 'ledger.x'];
    const nothing = await publish(args, { stdin: '' });
    const meant = await publish([...args, '--payload', '']);

    expect(nothing).toMatchObject({ status: 2, stderr: expect.stringContaining("--payload ''") });
    expect(nothing.fn.requests).toEqual([]);
    expect(meant.fn.requests[0]?.messages).toMatchObject([{ payload: '' }]);
  });

  it.each([
    ['nacked', 'refused', { refused: ['x'] }],
    ['unknown', 'unknown', { unknown: ['x'] }],
  ])('that is %s says which queue, why, and how to repeat it: exit status 1', async (fate, outcome, answers) => {
    const { status, stdout } = await publish(toLedger, { fn: new FakeFunction(answering(answers)) });

    expect(status).toBe(1);
    expect(stdout).toMatch(
      new RegExp(`^${fate}: (made-\\d+)\n  ledger: ${outcome}, .*\n.* --property message_id=\\1\n$`),
    );
  });

  it('that closes the channel is not published, for RabbitMQ’s reason: exit status 1', async () => {
    const { status, stdout } = await publish(['-e', 'gone', '--payload', 'x']);

    expect(status).toBe(1);
    expect(stdout).toBe("not published: 404 NOT_FOUND - no exchange 'gone' in vhost '/'\n");
  });

  it('has its body from stdin, where no option gives it; bytes as base64', async () => {
    const args = ['-e', 'payments', '-k', 'ledger.x'];
    const text = await publish(args, { stdin: '支付成功\n' });
    const bytes = await publish(args, { stdin: Uint8Array.of(0xff, 0x00) });

    expect(text.fn.requests[0]?.messages).toMatchObject([{ payload: '支付成功\n' }]);
    expect(bytes.fn.requests[0]?.messages).toMatchObject([{ payload: '/wA=', payload_encoding: 'base64' }]);
    expect([text.status, bytes.status]).toEqual([0, 0]);
  });

  it('has what its options say', async () => {
    const options = ['--header', 'n=5', '-H', 'CC=["ledger.y"]', '--property', 'priority=7', '--property', 'type=5'];
    const { fn } = await publish([
      ...toLedger,
      ...options,
      '--property',
      'message_id=mine',
      '--delay',
      '250',
      '--vhost',
      '/',
      '--tx',
    ]);

    expect(fn.requests).toEqual([
      {
        vhost: '/',
        mode: 'tx',
        detail: 'queues',
        messages: [
          {
            exchange: 'payments',
            routing_key: 'ledger.x',
            payload: 'x',
            delay: 250,
            headers: { n: 5, CC: ['ledger.y'] },
            properties: { priority: 7, type: '5', message_id: 'mine' },
          },
        ],
      },
    ]);
  });

  it('is answered in the function’s own words with --json', async () => {
    const { json, status } = await publish([...toLedger, '--json']);

    expect(status).toBe(0);
    expect(json()).toMatchObject({ ok: true, messages: [{ confirm: 'ack', queues: [{ queue: 'ledger' }] }] });
  });

  it('of whose request nothing was sent is exit status 2; of which nobody knows, 1', async () => {
    const refused = new RequestFailedError('these credentials may not', { sent: 'nothing', isFinal: true });
    const lost = new RequestFailedError('socket hang up', { sent: 'unknown', isFinal: false });

    const nothing = await publish(toLedger, { fn: new FakeFunction().failsWith(refused) });
    const unknown = await publish(toLedger, { fn: new FakeFunction().failsWith(lost) });

    expect(nothing).toMatchObject({ status: 2, stderr: 'warren: these credentials may not; nothing was sent\n' });
    expect(unknown).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^unknown: socket hang up\n.*made-\d+\n$/),
    });
  });
});

describe('a command line of publish that cannot be carried out', () => {
  it.each([
    ['no exchange', ['--payload', 'x'], '--exchange'],
    ['no name before =', [...toLedger, '--property', '=5'], '--property =5: write name=value'],
    [
      'a property there is not',
      [...toLedger, '--property', 'prio=5'],
      'prio is no field of the properties: did you mean priority?',
    ],
    [
      'a value there is not',
      [...toLedger, '--property', 'delivery_mode=3'],
      'properties.delivery_mode: Invalid option: expected one of 1|2',
    ],
    ['two places', [...toLedger, '--function', 'f'], '--stage names a function and --function another'],
    ['two modes', [...toLedger, '--tx', '--confirm'], 'cannot be used with'],
    ['two modes', [...toLedger, '--tx', '--outbox'], 'cannot be used with'],
    ['--rate for one message', [...toLedger, '--rate', '5'], 'go with --file'],
    ['--batch for one message', [...toLedger, '--batch', '5'], 'go with --file'],
    ['a message and a file', ['--file', 'x', '--payload', 'x'], 'give one of them'],
    ['one id for all of a file', ['--file', 'x', '--property', 'message_id=1'], 'one event id'],
    ['a rate of nothing', ['--file', 'x', '--rate', '0/s'], 'Messages a second'],
    ['a batch over what a request takes', ['--file', 'x', '--batch', '1001'], 'From 1 to 1000.'],
    ['a file there is not', ['--file', '/no/such/file'], 'there is no such file'],
    [
      'a folder there is not',
      ['--file', import.meta.filename, '--unconfirmed', '/no/such/folder/x'],
      '/no/such/folder/x cannot be written: its folder does not exist',
    ],
  ])('is exit status 2 and says what to type: %s', async (_, args, text) => {
    const { status, stderr, fn } = await publish(args);

    expect({ status, requests: fn.requests }).toEqual({ status: 2, requests: [] });
    expect(stderr).toContain(text);
  });
});
