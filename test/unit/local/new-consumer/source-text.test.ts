import { RefusedError } from '../../../../local/new-consumer/errors.ts';
import { SourceText } from '../../../../local/new-consumer/source-text.ts';
import { wired } from '../../../../local/new-consumer/wiring.ts';

function withMember(names: readonly [string, ...string[]], text: string): string {
  const source = new SourceText('x.ts', text);
  source.addMember(names, 'a: 1');
  return source.toString();
}

describe('a member that is added to an object of a source text', () => {
  it.each([
    ['is its first', 'const o = { b: 2 };', 'const o = {\na: 1, b: 2 };'],
    ['is its only one', 'export const o = {};', 'export const o = {\na: 1,};'],
    ['comes behind what it spreads', 'const o = { ...p.o, b: 2 };', 'const o = { ...p.o, a: 1, b: 2 };'],
    ['finds it through its type', 'const o = {} as const satisfies T;', 'const o = {\na: 1,} as const satisfies T;'],
    [
      'passes over what has more bytes than characters',
      "// 支付中\nconst s = '中', o = {};",
      "// 支付中\nconst s = '中', o = {\na: 1,};",
    ],
  ])('%s', (_, before, after) => {
    expect(withMember(['o'], before)).toBe(after);
  });

  it('may lie deep, under names with and without quotes', () => {
    expect(withMember(['o', 'p', 'q-r'], "const o: T = { p: { 'q-r': {} } };")).toBe(
      "const o: T = { p: { 'q-r': {\na: 1,} } };",
    );
  });

  it.each([
    ['what is no TypeScript', 'const o = {', 'x.ts is no TypeScript as it stands'],
    ['a text without the object', 'const other = {};', 'x.ts has no object o to add a line to'],
    ['a constant that is no object', 'const o = other();', 'x.ts has no object o to add a line to'],
  ])('is refused for %s', (_, text, reason) => {
    expect(() => withMember(['o'], text)).toThrow(RefusedError);
    expect(() => withMember(['o'], text)).toThrow(reason);
  });
});

describe('the wiring of a consumer', () => {
  const files: Readonly<Record<string, string>> = {
    'lib/consumers.ts': 'export const consumers = {} as const;',
    'lib/config.ts': 'const dev = { consumers: {} };\nexport const configs = { local: { ...dev } };',
    'lib/functions/connections.ts': "import type { T } from './t.ts';\nexport const connections: T = {};",
  };

  it('names the vhost of a queue that is not in the default one', () => {
    const edited = wired({ folder: 'a-b', pascal: 'AB' }, { vhost: 'shop', name: "it's" }, (file) => files[file] ?? '');

    expect(edited['lib/consumers.ts']).toContain(`'a-b': {"vhost":"shop","queue":"it's"}`);
    expect(edited['lib/functions/connections.ts']).toBe(
      "import type { T } from './t.ts';\nimport { connectAB } from './a-b.ts';\nexport const connections: T = {\n'a-b': connectAB,};",
    );
  });

  it('gives no numbers of its own to a stage that has none', () => {
    const edited = wired({ folder: 'a', pascal: 'A' }, { vhost: '/', name: 'q' }, (file) => files[file] ?? '');

    expect(edited['lib/config.ts']).toContain("dev = { consumers: {\n'a': {");
    expect(edited['lib/config.ts']).toContain('local: { ...dev } }');
  });
});
