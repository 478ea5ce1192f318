import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { RequestFailedError } from '../../../../bin/warren/publish/producer.ts';
import { answering, FakeFunction, messagesFile, publish, readLinesOf, toLedger } from './publish-on-fakes.ts';

const numbered = (count: number, changes: object = {}) =>
  Array.from({ length: count }, (_, at) => toLedger(String(at + 1), changes));
const payloadsOf = (lines: readonly Record<string, unknown>[] | undefined) => lines?.map(({ payload }) => payload);
const denied = new RequestFailedError('these credentials may not', { sent: 'nothing', isFinal: true });
const lost = new RequestFailedError('socket hang up', { sent: 'unknown', isFinal: false });

describe('a file of messages', () => {
  it('is published in order, a thousand a request, each with an event id; exit status 0 when all is acked', async () => {
    const file = messagesFile(numbered(2500));

    const { status, stdout, fn } = await publish(['--file', file.path]);

    expect(fn.requests.map(({ messages }) => messages.length)).toEqual([1000, 1000, 500]);
    expect(fn.payloads).toEqual(numbered(2500).map(({ payload }) => payload));
    expect(new Set(fn.eventIds.values()).size).toBe(2500);
    expect(status).toBe(0);
    expect(stdout).toBe('2,500 messages for publish-function, 0.0 s, 2,500,000/s\n    2,500 acked\n');
    expect(file.unconfirmed()).toBeUndefined();
  });

  it('travels at most 1 MiB a request; a message that is larger goes alone', async () => {
    const large = [400_000, 400_000, 400_000, 2_000_000, 1].map((bytes) => toLedger('x'.repeat(bytes)));

    const { fn } = await publish(['--file', messagesFile(large).path]);

    expect(fn.requests.map(({ messages }) => messages.length)).toEqual([2, 1, 1, 1]);
  });

  it('has options for what its lines do not say', async () => {
    const file = messagesFile([
      { payload: '1' },
      { payload: '2', routing_key: 'ledger.y', headers: { n: 2 }, properties: { type: 't', message_id: 'mine' } },
    ]);
    const options = [
      '-e',
      'payments',
      '-k',
      'ledger.x',
      '--mandatory',
      '-H',
      'n=1',
      '-H',
      'm=1',
      '--property',
      'app_id=a',
    ];

    const { fn, status } = await publish(['--file', file.path, ...options]);

    expect(status).toBe(0);
    expect(fn.requests[0]?.messages).toMatchObject([
      { payload: '1', routing_key: 'ledger.x', mandatory: true, headers: { n: 1, m: 1 }, properties: { app_id: 'a' } },
      {
        payload: '2',
        routing_key: 'ledger.y',
        headers: { n: 2, m: 1 },
        properties: { app_id: 'a', type: 't', message_id: 'mine' },
      },
    ]);
  });

  it.each([
    [[], 'confirm'],
    [['--confirm'], 'confirm'],
    [['--tx', '--batch', '2'], 'tx'],
  ])('is published as %j say', async (options, mode) => {
    const { fn } = await publish(['--file', messagesFile(numbered(3)).path, ...options]);

    expect(new Set(fn.requests.map((request) => request.mode))).toEqual(new Set([mode]));
    expect(fn.requests).toHaveLength(options.includes('--batch') ? 2 : 1);
  });

  it('goes through the outbox as many messages at a time as a transaction takes', async () => {
    const { fn, status } = await publish(['--file', messagesFile(numbered(250)).path, '--outbox']);

    expect(status).toBe(0);
    expect(fn.requests.map(({ mode, messages }) => [mode, messages.length])).toEqual([
      ['outbox', 100],
      ['outbox', 100],
      ['outbox', 50],
    ]);
  });

  it('may come through a pipe, with Windows’ line ends, empty lines and a byte order mark', async () => {
    const lines = numbered(3).map((one) => JSON.stringify(one));
    const { fn, status } = await publish(['--file', '-'], {
      stdin: `\uFEFF${lines[0]}\r\n\r\n${lines[1]}\n  \n${lines[2]}`,
    });

    expect({ status, payloads: fn.payloads }).toEqual({ status: 0, payloads: ['1', '2', '3'] });
  });

  it('without a message in it is done at once', async () => {
    const { status, fn } = await publish(['--file', messagesFile([]).path]);

    expect({ status, requests: fn.requests }).toEqual({ status: 0, requests: [] });
  });
});

describe('what is not confirmed', () => {
  it('is written down with its event ids, told by reason, and is exit status 1', async () => {
    const file = messagesFile([...numbered(4), toLedger('5', { routing_key: 'nowhere', mandatory: true })]);
    const fn = new FakeFunction(answering({ refused: ['2'], unknown: ['3'] }));

    const { status, stdout } = await publish(['--file', file.path], { fn });

    expect(status).toBe(1);
    expect(file.unconfirmed()).toEqual(
      ['2', '3', '5'].map((payload) =>
        expect.objectContaining({
          exchange: 'payments',
          payload,
          properties: { message_id: fn.eventIds.get(payload) },
        }),
      ),
    );
    expect(stdout).toContain('        2 acked\n        1 returned:');
    expect(stdout).toContain('1 nacked, ledger: too large (line 2)');
    expect(stdout).toContain('1 unknown, ledger: timeout (line 3)');
    expect(stdout).toContain(`npx warren publish --stage dev --file ${file.path}.unconfirmed.jsonl\n`);
  });

  it('is told by the number of its line, also when others are empty', async () => {
    const file = messagesFile(['', '  ', ...numbered(1), '', ...numbered(2)]);
    const { stdout } = await publish(['--file', file.path], { fn: new FakeFunction(answering({ refused: ['2'] })) });

    expect(stdout).toContain('ledger: too large (line 6)');
  });

  it('is published in turn with the same event ids, and its file goes once all of it is confirmed', async () => {
    const file = messagesFile(numbered(5));
    const first = await publish(['--file', file.path], { fn: new FakeFunction(answering({ unknown: ['2', '4'] })) });
    const left = `${file.path}.unconfirmed.jsonl`;

    const second = await publish(['--file', left], { fn: new FakeFunction(answering({ refused: ['4'] })) });
    const stillLeft = readLinesOf(left);
    const third = await publish(['--file', left]);

    expect([first, second, third].map(({ status }) => status)).toEqual([1, 1, 0]);
    expect(second.fn.payloads).toEqual(['2', '4']);
    for (const [payload, eventId] of second.fn.eventIds) expect(eventId).toBe(first.fn.eventIds.get(payload));
    expect(payloadsOf(stillLeft)).toEqual(['4']);
    expect(third.fn.eventIds.get('4')).toBe(first.fn.eventIds.get('4'));
    expect([left, `${left}.new`].map((path) => existsSync(path))).toEqual([false, false]);
    expect(third.stdout).toContain('is confirmed: it is removed');
  });

  it('of an earlier run is not overwritten', async () => {
    const file = messagesFile(numbered(1));
    writeFileSync(`${file.path}.unconfirmed.jsonl`, 'a message\n');

    const { status, stderr, fn } = await publish(['--file', file.path]);

    expect({ status, requests: fn.requests }).toEqual({ status: 2, requests: [] });
    expect(stderr).toContain('holds what an earlier run could not confirm');
    expect(stderr).toContain(`\n  npx warren publish --stage dev --file ${file.path}.unconfirmed.jsonl\n`);
    expect(stderr).toContain('comes twice then, and lines without a message_id get new ones');
  });

  it('is published in turn as it was published before: in transactions of that size, at that rate', async () => {
    const file = messagesFile(numbered(2));
    const fn = new FakeFunction(answering({ unknown: ['1'] }));

    const { stdout } = await publish(['--file', file.path, '--tx', '--batch', '1', '--rate', '500/s'], { fn });

    expect(stdout).toContain(`publish --stage dev --tx --batch 1 --rate 500 --file ${file.path}.unconfirmed.jsonl\n`);
  });

  it('and would fail again as it is, is named by its line in that file', async () => {
    const file = messagesFile([
      ...numbered(2),
      toLedger('gone', { exchange: 'gone' }),
      toLedger('again'),
      toLedger('late', { delay: 2 ** 32 }),
      toLedger('back', { routing_key: 'nowhere', mandatory: true }),
    ]);

    const { stdout, fn } = await publish(['--file', file.path], {
      fn: new FakeFunction(answering({ unknown: ['2', 'again'] })),
    });

    expect(payloadsOf(file.unconfirmed())).toEqual(['2', 'gone', 'again', 'late', 'back']);
    expect(fn.requests).toHaveLength(2);
    expect(stdout).toContain('3 of them would fail again: repair or take out lines 2, 4, 5 of that file');
    expect(stdout).toContain('Then publish the file again:\n  npx warren publish');
  });

  it('because the outbox refuses its event id is named, too', async () => {
    const file = messagesFile([...numbered(1), toLedger('2', { properties: { message_id: 'mine' } })]);
    const refusal = new RequestFailedError('the outbox wrote nothing: it has other content under the event ids mine', {
      sent: 'nothing',
      isFinal: false,
      isRefusal: true,
    });

    const { stdout } = await publish(['--file', file.path, '--outbox'], { fn: new FakeFunction().failsWith(refusal) });

    expect(stdout).toContain('One of them would fail again: repair or take out line 2 of that file');
  });

  it('goes where --unconfirmed says', async () => {
    const file = messagesFile(numbered(2));
    const elsewhere = `${file.path}.left`;
    const fn = new FakeFunction(answering({ refused: ['1'] }));

    const { stdout } = await publish(['--file', file.path, '--unconfirmed', elsewhere, '--vhost', '/', '--tx'], { fn });

    expect(payloadsOf(readLinesOf(elsewhere))).toEqual(['1']);
    expect(stdout).toContain(`npx warren publish --stage dev --tx --file ${elsewhere}\n`);
  });

  it('is told to machines with --json', async () => {
    const file = messagesFile(numbered(3));
    const { json } = await publish(['--file', file.path, '--json'], {
      fn: new FakeFunction(answering({ refused: ['1', '2'] })),
    });

    expect(json()).toEqual({
      function: 'publish-function',
      seconds: 0,
      messages: 3,
      acked: 1,
      unroutable: 0,
      returned: 0,
      nacked: 2,
      unknown: 0,
      notPublished: 0,
      invalid: 0,
      incompleteTransactions: 0,
      toRepair: [],
      reasons: [{ fate: 'nacked', text: 'ledger: too large', count: 2, line: 1 }],
      stopped: null,
      unconfirmedFile: `${file.path}.unconfirmed.jsonl`,
    });
  });
});

describe('a transaction', () => {
  it('that did not complete is told, though its messages are acked or nacked one by one', async () => {
    const file = messagesFile(numbered(4));
    const fn = new FakeFunction(answering({ refused: ['1'] }));

    const { stdout } = await publish(['--file', file.path, '--tx', '--batch', '2'], { fn });

    expect(stdout).toContain('        3 acked\n        1 nacked');
    expect(stdout).toContain(
      'One transaction did not complete: 406 PRECONDITION_FAILED - partial tx completion. What other queues took of it stays.',
    );
  });

  it('of the outbox with messages that no queue is bound for says what becomes of them', async () => {
    const file = messagesFile(numbered(2, { routing_key: 'nowhere' }));

    const { status, stdout } = await publish(['--file', file.path, '--outbox']);

    expect(status).toBe(0);
    expect(stdout).toContain(
      '2 of the acked ones are in the outbox, and no queue is bound for them: if that is still so',
    );
  });
});

describe('a message that closes the channel', () => {
  const lines = [...numbered(2), { exchange: 'gone', routing_key: '', payload: 'x' }, ...numbered(2, { payload: 'y' })];

  it('is not confirmed, for RabbitMQ’s reason; those behind it are published on another channel', async () => {
    const file = messagesFile(lines);

    const { status, stdout, fn } = await publish(['--file', file.path]);

    expect(status).toBe(1);
    expect(fn.requests.map(({ messages }) => messages.length)).toEqual([5, 2]);
    expect(payloadsOf(file.unconfirmed())).toEqual(['x']);
    expect(stdout).toContain("1 not-published, 404 NOT_FOUND - no exchange 'gone' in vhost '/' (line 3)");
  });

  it('takes its transaction with it, and leaves the next one alone', async () => {
    const file = messagesFile(lines);

    const { fn, stdout } = await publish(['--file', file.path, '--tx', '--batch', '3']);

    expect(fn.requests).toHaveLength(2);
    expect(payloadsOf(file.unconfirmed())).toEqual(['1', '2', 'x']);
    const text = "404 NOT_FOUND - no exchange 'gone' in vhost '/'";
    expect(stdout).toContain(`1 not-published, ${text} (line 3)`);
    expect(stdout).toContain(`2 not-published, with line 3, which was refused: ${text} (line 1 first)`);
  });

  it.each([
    ['closes its channel', { exchange: 'gone' }, '1 not-published, 404 '],
    [
      'no row can wait for',
      { delay: 2 ** 32 },
      '1 nacked, ledger: a delay of 4294967296 ms is longer than 4294967295 ms',
    ],
  ])('is named where it takes a transaction of the outbox with it: it %s', async (_, changes, its) => {
    const file = messagesFile([...numbered(2), ...numbered(1, changes)]);

    const { status, stdout } = await publish(['--file', file.path, '--outbox']);

    expect(status).toBe(1);
    expect(stdout).toContain(its);
    expect(stdout).toContain('2 not-published, with line 3, which was refused');
  });

  it('five times in a row, with nothing confirmed between, stops the run; the rest is written down', async () => {
    const file = messagesFile([...numbered(7, { exchange: 'typo' }), ...numbered(3)]);

    const { status, stdout, fn } = await publish(['--file', file.path]);

    expect({ status, requests: fn.requests.length }).toEqual({ status: 1, requests: 5 });
    expect(stdout).toContain('Stopped before the end: 5 requests in a row confirmed nothing.');
    expect(file.unconfirmed()).toHaveLength(10);
  });

  it('now and then does not stop it', async () => {
    const bad = numbered(4, { exchange: 'typo' });
    const file = messagesFile([...bad, ...numbered(1), ...bad, ...numbered(1)]);

    const { fn, stdout } = await publish(['--file', file.path]);

    expect(fn.requests.length).toBe(9);
    expect(file.unconfirmed()).toHaveLength(8);
    expect(stdout).not.toContain('Stopped');
  });
});

describe('a request without an answer', () => {
  it('leaves its messages unknown, and the run goes on', async () => {
    const file = messagesFile(numbered(6));
    const fn = new FakeFunction().failsWith(lost, (number) => number === 2);

    const { status, stdout } = await publish(['--file', file.path, '--batch', '2'], { fn });

    expect({ status, requests: fn.requests.length }).toEqual({ status: 1, requests: 3 });
    expect(payloadsOf(file.unconfirmed())).toEqual(['3', '4']);
    expect(stdout).toContain('2 unknown, socket hang up (line 3 first)');
  });

  it('that the next ones would not have either ends the run, with everything left written down', async () => {
    const file = messagesFile(numbered(6));
    const fn = new FakeFunction().failsWith(denied, (number) => number === 2);

    const { stdout } = await publish(['--file', file.path, '--batch', '2'], { fn });

    expect(fn.requests).toHaveLength(2);
    expect(payloadsOf(file.unconfirmed())).toEqual(['3', '4', '5', '6']);
    expect(stdout).toContain('Stopped before the end: these credentials may not.');
    expect(stdout).toContain('4 not published');
  });

  it('at the very first, for a file that nothing was sent of, is exit status 2 and leaves no other file', async () => {
    const file = messagesFile(numbered(6));
    const { status, stderr } = await publish(['--file', file.path], { fn: new FakeFunction().failsWith(denied) });

    expect(status).toBe(2);
    expect(stderr).toBe('warren: these credentials may not; nothing was sent\n');
    expect(file.unconfirmed()).toBeUndefined();
  });

  it('at the very first, for a file of unconfirmed messages, leaves it as it was', async () => {
    const file = messagesFile(numbered(2));
    await publish(['--file', file.path], { fn: new FakeFunction(answering({ unknown: ['1', '2'] })) });
    const before = file.unconfirmed();

    await publish(['--file', `${file.path}.unconfirmed.jsonl`], { fn: new FakeFunction().failsWith(denied) });

    expect(before).toHaveLength(2);
    expect(file.unconfirmed()).toEqual(before);
  });
});

describe('Ctrl-C', () => {
  it('lets the request under way end, and writes down all that is left: exit status 1', async () => {
    const file = messagesFile(numbered(9));
    const fn = new FakeFunction();
    const stop = new AbortController();
    fn.onRequest = (number) => {
      if (number === 2) stop.abort();
    };

    const { status, stdout } = await publish(['--file', file.path, '--batch', '3'], { fn, stop });

    expect({ status, requests: fn.requests.length }).toEqual({ status: 1, requests: 2 });
    expect(stdout).toContain('Stopped before the end: interrupted.');
    expect(payloadsOf(file.unconfirmed())).toEqual(['7', '8', '9']);
  });

  it('a second time gives that request up, whose messages are unknown', async () => {
    const file = messagesFile(numbered(4));
    const fn = new FakeFunction();
    const [stop, giveUp] = [new AbortController(), new AbortController()];
    fn.onRequest = (_, signal) => {
      stop.abort();
      giveUp.abort();
      if (signal?.aborted) throw new RequestFailedError('given up', { sent: 'unknown', isFinal: false });
    };

    const { stdout } = await publish(['--file', file.path, '--batch', '2'], { fn, stop, giveUp });

    expect(stdout).toContain('2 unknown');
    expect(payloadsOf(file.unconfirmed())).toEqual(['1', '2', '3', '4']);
  });

  it('before the first request sends nothing, and leaves no other file: exit status 2', async () => {
    const file = messagesFile(numbered(4));
    const stop = new AbortController();
    stop.abort();

    const { status, stderr, fn } = await publish(['--file', file.path], { stop });

    expect({ status, stderr, requests: fn.requests }).toEqual({
      status: 2,
      stderr: 'warren: stopped; nothing was sent\n',
      requests: [],
    });
    expect(
      [file.path, `${file.path}.unconfirmed.jsonl`, `${file.path}.unconfirmed.jsonl.new`].map((one) => existsSync(one)),
    ).toEqual([true, false, false]);
  });

  it('while the rate holds messages back does not wait for their turn', async () => {
    const file = messagesFile(numbered(3));
    const fn = new FakeFunction();
    const stop = new AbortController();
    fn.onRequest = () => void setImmediate(() => stop.abort());

    await publish(['--file', file.path, '--rate', '0.001'], { fn, stop });

    expect(fn.payloads).toEqual(['1']);
    expect(payloadsOf(file.unconfirmed())).toEqual(['2', '3']);
  });

  it('behind the last request changes nothing', async () => {
    const fn = new FakeFunction();
    const stop = new AbortController();
    fn.onRequest = () => stop.abort();

    expect(await publish(['--file', messagesFile(numbered(4)).path], { fn, stop })).toMatchObject({ status: 0 });
  });
});

describe('a process that is killed', () => {
  it('leaves a file of all messages with their event ids, so that they are published again as the same events', async () => {
    const file = messagesFile(numbered(6));
    const fn = new FakeFunction(answering({ refused: ['1'] }));
    const seen: unknown[] = [];
    fn.onRequest = () => void seen.push(file.unconfirmed()?.map(({ properties }) => properties));

    await publish(['--file', file.path, '--batch', '2'], { fn });

    const all = [...fn.eventIds.values()].map((message_id) => ({ message_id }));
    expect(seen).toEqual([all, all, all]);
    expect(payloadsOf(file.unconfirmed())).toEqual(['1']);
  });
});

describe('a line that is no message', () => {
  const secret = '"a secret"';
  const lines = [
    toLedger('1'),
    `{"exchange":${secret}`,
    secret,
    JSON.stringify({ exchange: 'payments', routing_key: 'x', payload: 5, delay: -1 }),
    JSON.stringify({ exchange: 'payments', routing_key: 'x', payload: 'x', ttl: 5 }),
    JSON.stringify({ exchange: 'payments', routingKey: 'x', payload: 'x', properties: { content_typ: 'x' } }),
    JSON.stringify({ exchange: 'payments', routing_key: 'x', payload: 'x', aggregate: 'a' }),
    JSON.stringify({ routing_key: 'x', payload: '?', payload_encoding: 'base64' }),
  ];

  it('keeps a file from being published at all, and is told by number and field: exit status 2', async () => {
    const file = messagesFile(lines);

    const { status, stderr, fn } = await publish(['--file', file.path]);

    expect({ status, requests: fn.requests, left: file.unconfirmed() }).toEqual({
      status: 2,
      requests: [],
      left: undefined,
    });
    expect(stderr).not.toContain('secret');
    expect(stderr.split('\n')).toEqual([
      `warren: 7 lines of ${file.path} cannot be published; nothing was sent:`,
      '  line 2: it is not JSON from column 23 on',
      '  line 3: Invalid input: expected object, received string',
      '  line 4: delay: Too small: expected number to be >=0; payload: Invalid input: expected string, received number',
      '  line 5: ttl is no field of a message: there are exchange, routing_key, mandatory, immediate, delay, aggregate, properties, headers, payload, payload_encoding',
      '  line 6: routing_key is missing: write it into the line, or give --routing-key; content_typ is no field of the properties: did you mean content_type?; routingKey is no field of a message: did you mean routing_key?',
      '  line 7: aggregate: only mode outbox has aggregates: leave it out, or publish in mode outbox (--outbox)',
      '  line 8: exchange is missing: write it into the line, or give --exchange',
      '',
    ]);
  });

  it('of a pipe is set aside as it is, and the others are published: exit status 1', async () => {
    const left = `${messagesFile([]).path}.left`;
    const stdin = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');

    const { status, stdout, fn } = await publish(['--file', '-', '--unconfirmed', left, '-e', 'payments'], { stdin });

    expect({ status, payloads: fn.payloads }).toEqual({ status: 1, payloads: ['1'] });
    expect(readFileSync(left, 'utf8')).toBe(`${stdin.slice(stdin.indexOf('\n') + 1)}\n`);
    expect(stdout).toContain('        7 no messages: lines that cannot be published');
  });

  it('may be no text', async () => {
    const file = messagesFile([toLedger('1')]);
    appendFileSync(file.path, Uint8Array.of(0x7b, 0xff, 0x7d));

    expect((await publish(['--file', file.path])).stderr).toContain('line 2: it is not UTF-8');
  });

  it('over what Lambda takes is told as such, and one without an end is not read to its end', async () => {
    const large = messagesFile([toLedger('x'.repeat(6 * 1024 * 1024 - 1000))]);
    const endless = messagesFile(['x'.repeat(7 * 1024 * 1024)], '');

    expect((await publish(['--file', large.path])).stderr).toMatch(
      /line 1: it has 6,290,\d{3} bytes as JSON, and Lambda takes 6,290,432 in a request/,
    );
    expect((await publish(['--file', endless.path])).stderr).toMatch(
      /line 1: it is over \d+ bytes: this is no file of JSON lines/,
    );
  });
});

describe('a pipe', () => {
  it('without an end is left after Ctrl-C: exit status 1, for nobody knows what it still held', async () => {
    const left = `${messagesFile([]).path}.left`;
    const stop = new AbortController();
    const fn = new FakeFunction();
    fn.onRequest = () => stop.abort();
    const endless = Readable.from(
      (function* () {
        for (let at = 1; ; at++) yield `${JSON.stringify(toLedger(String(at)))}\n`;
      })(),
    );

    const { status } = await publish(['--file', '-', '--batch', '2', '--unconfirmed', left], {
      fn,
      stop,
      stdin: endless,
    });

    expect({ status, payloads: fn.payloads }).toEqual({ status: 1, payloads: ['1', '2'] });
    expect(readLinesOf(left)).toBeUndefined();
  });

  it('that breaks is published as far as it was read, and told of: exit status 1', async () => {
    const left = `${messagesFile([]).path}.left`;
    const fn = new FakeFunction();
    const broken = Readable.from(
      (function* () {
        yield `${JSON.stringify(toLedger('1'))}\n${JSON.stringify(toLedger('2'))}\n`;
        throw new Error('EIO: read');
      })(),
    );

    const { status, stdout } = await publish(['--file', '-', '--unconfirmed', left], { fn, stdin: broken });

    expect({ status, payloads: fn.payloads }).toEqual({ status: 1, payloads: ['1', '2'] });
    expect(stdout).toContain('Stopped before the end: the input could not be read on: EIO: read');
  });

  it('is published as soon as there is a request’s worth, and is not waited for after Ctrl-C', async () => {
    const left = `${messagesFile([]).path}.left`;
    const stop = new AbortController();
    const stdin = new PassThrough();
    const fn = new FakeFunction();
    fn.onRequest = () => {
      stdin.write(`${JSON.stringify(toLedger('3'))}\n`);
      setImmediate(() => stop.abort());
    };
    stdin.write(`${JSON.stringify(toLedger('1'))}\n${JSON.stringify(toLedger('2'))}\n`);

    const { stdout } = await publish(['--file', '-', '--batch', '2', '--unconfirmed', left], { fn, stop, stdin });

    expect(fn.payloads).toEqual(['1', '2']);
    expect(stdout).toContain('Stopped before the end: interrupted, and nobody knows what the pipe still held.');
    expect(payloadsOf(readLinesOf(left))).toEqual(['3']);
  });

  it('that nothing can be sent of is written down, too: nobody can read it again', async () => {
    const left = `${messagesFile([]).path}.left`;
    const stdin = numbered(3)
      .map((one) => JSON.stringify(one))
      .join('\n');

    const { status } = await publish(['--file', '-', '--unconfirmed', left], {
      stdin,
      fn: new FakeFunction().failsWith(denied),
    });

    expect(status).toBe(1);
    expect(payloadsOf(readLinesOf(left))).toEqual(['1', '2', '3']);
  });
});
