import { analyse } from '../../../../rabbitmq/analyse.ts';
import { found } from '../findings-in.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const invalid = (bytes: Uint8Array | string) => analyse(bytes).findings;

describe('the bytes of a definitions file', () => {
  it('may begin with a byte order mark, which moves nothing', () => {
    const text = '\uFEFF{"queues": [{"name": "q", "x": 1}]}';

    for (const source of [text, utf8(text)]) {
      const { topology, findings } = analyse(source);
      expect(topology.queues).toMatchObject([{ name: 'q' }]);
      expect(findings.find(({ code }) => code === 'unknown-key')).toMatchObject({ line: 1, column: 32 });
    }
  });

  it.each([
    ['little endian, with its mark', [0xff, 0xfe, 0x7b, 0, 0x7d, 0], /little endian/],
    ['little endian, without', [0x7b, 0, 0x7d, 0], /little endian/],
    ['big endian, with its mark', [0xfe, 0xff, 0, 0x7b, 0, 0x7d], /big endian/],
    ['big endian, without', [0, 0x7b, 0, 0x7d], /big endian/],
  ])('must not be UTF-16: %s', (_, bytes, message) => {
    expect(invalid(Uint8Array.from(bytes))).toMatchObject([
      { class: 'blocking', code: 'invalid-json', line: 1, column: 1, message: expect.stringMatching(message) },
    ]);
  });

  it.each([
    ['a byte of Latin-1', [...utf8('{\n  "queues": [{"name": "caf'), 0xe9, ...utf8('"}]}')], 2, 27],
    ['a character cut off at the end', [...utf8('{"名": "'), 0xe8, 0xae], 1, 8],
    ['a surrogate', [...utf8('{\r\n\r\n"'), 0xed, 0xa0, 0x80, 0x22], 3, 2],
    ['a byte after long text', [...utf8(`{"a": "${'订'.repeat(5_000)}`), 0xff], 1, 5_008],
    ['a single byte', [0x80], 1, 1],
  ])('must be UTF-8, or the place is named: %s', (_, bytes, line, column) => {
    expect(invalid(Uint8Array.from(bytes))).toMatchObject([{ class: 'blocking', code: 'invalid-json', line, column }]);
  });

  it('must be UTF-8, wherever it is not', () => {
    for (let length = 1; length < 70; length++) {
      const bytes = Uint8Array.from([...utf8('"'.padEnd(length, 'a')), 0xff, ...utf8('a"')]);
      expect(invalid(bytes)).toMatchObject([{ line: 1, column: length + 1 }]);
    }
  });

  it('may be cut off anywhere, and the end is named', () => {
    const text = '{\n  "queues": [\n    {"name": "订\\"单", "durable": true,\n "arguments": {"n": [-1, null]}}\n  ]\n}';

    for (let end = 1; end < text.length; end++) {
      const lines = text.slice(0, end).trimEnd().split('\n');
      expect({ end, findings: invalid(text.slice(0, end)) }).toMatchObject({
        end,
        findings: [
          {
            class: 'blocking',
            code: 'invalid-json',
            line: lines.length,
            column: (lines.at(-1)?.length ?? 0) + 1,
            message: expect.stringContaining('the text ends too early'),
          },
        ],
      });
    }
  });

  it('are not called cut off when a bracket is wrong, or something comes after the last one', () => {
    for (const text of ['{} 1', '{"queues": [}', '{"queues": []]', '{}}', '{"queues": [1}}', '{"queues": "[{" 1}'])
      expect(invalid(text)).toMatchObject([{ message: expect.not.stringContaining('ends too early') }]);
  });

  it('are refused above a size that the parser’s memory allows, before they are parsed', () => {
    const started = performance.now();

    expect(invalid(`{"description": "${'x'.repeat(50_000_000)}"}`)).toMatchObject([{ code: 'invalid-json', line: 1 }]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('an object with a member twice', () => {
  it('counts the last, and says so there', () => {
    const { topology, findings } = analyse('{\n"queues": [],\n"queues": [{"name": "q", "name": "r"}]\n}');

    expect(topology.queues).toMatchObject([{ name: 'r' }]);
    expect(findings.filter(({ code }) => code === 'duplicate-key')).toMatchObject([
      { class: 'warning', path: 'queues', line: 3, column: 11 },
      { class: 'warning', path: 'queues[0].name', line: 3, column: 34 },
    ]);
  });

  it('may have __proto__ twice, and no prototype changes', () => {
    const { findings } = analyse('{"queues": [{"name": "q", "__proto__": {"durable": false}, "__proto__": {"x": 1}}]}');

    expect(findings.map(({ code }) => code)).toContain('duplicate-key');
    expect(findings.map(({ code }) => code)).not.toContain('transient-queue');
    expect({}).not.toHaveProperty('x');
  });
});

describe('an object of very many members', () => {
  const members = Array.from({ length: 40_000 }, (_, at) => `"k${at}": 1`).join(', ');

  it.each([
    ['a finding for each of them', members, 40_000],
    ['one of them twice', `${members}, "k0": 2`, 40_001],
  ])('is read in time with %s', (_, table, count) => {
    const started = performance.now();
    const { findings } = analyse(`{"queues": [{"name": "q", "arguments": {${table}}}]}`);

    expect(findings.filter(({ path }) => path.startsWith('queues[0].arguments'))).toHaveLength(count);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('what is nobody’s business', () => {
  // As long as it begins like true, the parser takes it for an identifier.
  const secret = 'tr0ub4dor';

  it.each([
    ['a user', `{"users": [{"name": "u", "password": "${secret}", "password_hash": "${secret}"}]}`],
    ['users of a wrong shape', `{"users": {"u": {"password": "${secret}"}}, "permissions": [{"user": "u"}]}`],
    [
      'a shovel',
      `{"parameters": [{"component": "shovel", "name": "s", "vhost": "/", "value": {"src-uri": "amqp://u:${secret}@h"}}]}`,
    ],
    [
      'an upstream',
      `{"parameters": [{"component": "federation-upstream", "name": "f", "value": {"uri": "amqp://u:${secret}@h"}}]}`,
    ],
    [
      'a parameter nobody knows',
      `{"parameters": [{"component": "other", "name": "f", "value": {"uri": "${secret}"}}]}`,
    ],
    [
      'a parameter of a wrong shape',
      `{"parameters": [{"component": "operator_policy", "name": "f", "value": "${secret}"}]}`,
    ],
    ['a global parameter', `{"global_parameters": [{"name": "g", "value": "${secret}"}]}`],
    ['a section nobody knows', `{"vault": {"password": "${secret}"}}`],
    ['a field nobody knows', `{"queues": [{"name": "q", "password": "${secret}"}]}`],
    ['an argument nobody knows', `{"queues": [{"name": "q", "arguments": {"x-uri": "${secret}"}}]}`],
    ['a value of a wrong type', `{"queues": [{"name": "q", "durable": "${secret}", "arguments": "${secret}"}]}`],
    ['a password without quotes', `{"users": [{"name": "u", "password": ${secret}}]}`],
    ['a password without a comma', `{"users": [{"name": "u", "password": "a" "${secret}"}]}`],
    ['a password that does not end', `{"users": [{"name": "u", "password": "${secret}`],
    ['a password with a line break', `{"users": [{"name": "u", "password": "${secret}\n"}]}`],
  ])('is in no finding: %s', (_, text) => {
    const { findings } = analyse(text);

    expect(findings).not.toEqual([]);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });
});

describe('permissions of a user the file does not define', () => {
  it.each([
    ['no users at all', {}, 1],
    ['an empty list', { users: [] }, 1],
    ['other users', { users: [{ name: 'app' }] }, 1],
    ['the user', { users: [{ name: 'guest' }] }, 0],
    ['the user beside one without a name', { users: [{}, { name: 'guest' }] }, 0],
  ])('are a warning, with %s', (_, users, count) => {
    const document = { ...users, permissions: [{ vhost: '/' }, { user: 'guest', vhost: '/' }] };
    const findings = found('permission-of-undefined-user', document);

    expect(findings).toHaveLength(count);
    if (count > 0) expect(findings).toMatchObject([{ class: 'warning', path: 'permissions[1].user' }]);
  });
});
