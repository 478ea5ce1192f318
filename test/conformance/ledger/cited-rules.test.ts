import { rulesIn } from './citations.ts';
import { citedRules } from './cited-rules.ts';

const found = (source: string) => citedRules('x.test.ts', source).map(({ rules, title }) => [rules.join(' '), title]);

describe('a citation', () => {
  it.each([
    ['does this (rule 9.1.2)', ['9.1.2']],
    ['does this (rules 9.8.8, 9.9.4 and 9.9.5)', ['9.8.8', '9.9.4', '9.9.5']],
    ['does this (rules 9.1.9 to 9.1.11, 9.2.1)', ['9.1.9', '9.1.10', '9.1.11', '9.2.1']],
    ['does this by rule %s', []],
    ['is a ruler 9.1.2, and 9.1.3', []],
  ])('is read from "%s"', (text, rules) => {
    expect(rulesIn(text)).toEqual(rules);
  });

  it.each(['rules 9.1.2 to 9.2.3', 'rules 9.1.2 to 9.1.1'])('is an error when it is no range: %s', (text) => {
    expect(() => rulesIn(text)).toThrow('no range');
  });
});

describe('the rules a test file cites', () => {
  it('stand in the titles of groups and tests', () => {
    const source = "describe('a (rule 9.1.1)', () => { it('b (rule 9.1.2)', () => {}); it('c', () => {}); });";

    expect(found(source)).toEqual([
      ['9.1.1', 'a'],
      ['9.1.2', 'a › b'],
    ]);
  });

  it('stand in the first text of a table’s rows, as a bare number where the title says so', () => {
    const source = `
      const rows: readonly X[] = [['9.1.1', 'x'], ['9.1.2', '9.1.3']] as const;
      it.each(rows)('by rule %s: %s', () => {});
      it.each([[1, 'one (rule 9.2.1)', 'two (rule 9.2.2)'], ['9.2.3']])('counts: %s', () => {});
      it.each(['three (rule 9.3.1)'])('does %s', () => {});
    `;

    expect(found(source)).toEqual([
      ['9.1.1 9.1.2', 'by rule %s: %s'],
      ['9.2.1', 'counts: one'],
      ['9.3.1', 'does three'],
    ]);
  });

  it('do not stand in comments, in other texts, or in what is skipped', () => {
    const source = `
      // (rule 9.1.1)
      describe('a', () => { items('b (rule 9.1.2)'); it.skip('c (rule 9.1.3)', () => {}); });
      describe.skip.each([1])('d', () => { it('e (rule 9.1.4)', () => {}); });
    `;

    expect(found(source)).toEqual([]);
  });
});
