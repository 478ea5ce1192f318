import { isMarked, withoutMarked } from '../../../local/remove-example/without-marked.ts';

const mark = '// worked example';

describe('a source text without what is marked', () => {
  it.each([
    [
      'an import',
      [mark, "import { a } from './a.ts';", "import { b } from './b.ts';"],
      ["import { b } from './b.ts';"],
    ],
    ['a member on one line', ['{', `  ${mark}`, '  orders: 1,', '  mine: 2,', '}'], ['{', '  mine: 2,', '}']],
    [
      'a member with members, comment and empty lines in it',
      [
        '{',
        `  ${mark}`,
        '  /** Its',
        '   * size. */',
        '  orders: {',
        '    // Short.',
        '',
        '    a: 1,',
        '  },',
        '  mine: 2,',
        '}',
      ],
      ['{', '  mine: 2,', '}'],
    ],
    [
      'the last member',
      ['{', '  mine: 2,', `  ${mark}`, '  orders: {', '    a: 1,', '  },', '};'],
      ['{', '  mine: 2,', '};'],
    ],
    [
      'a function with its parameters on lines of their own',
      [mark, 'function f(', '  a: string,', '): void {', '  g(a);', '}', '', 'function g() {}'],
      ['', 'function g() {}'],
    ],
    ['a statement, and not the one after an empty line', [mark, 'f(', '  a,', ');', '', 'g();'], ['', 'g();']],
    ['a continued line', [mark, 'const a =', '  b;', 'const c = d;'], ['const c = d;']],
  ])('lacks %s', (_, source, left) => {
    expect(withoutMarked(source.join('\n')).split('\n')).toEqual(left);
  });

  it('is the same when nothing is marked', () => {
    const source = 'const a = 1;\n\n// about the worked example\nconst b = 2;\n';

    expect(withoutMarked(source)).toBe(source);
    expect(isMarked(source)).toBe(false);
    expect(isMarked(`  ${mark}\n  a,`)).toBe(true);
  });
});
