import { compilePattern, PatternError } from '../../../../rabbitmq/policies/pattern.ts';
import { found } from '../findings-in.ts';

describe('a policy’s pattern', () => {
  it.each([
    ['job\\.', 'xjob.y', true],
    ['^job\\.', 'xjob.y', false],
    ['', 'anything', true],
    ['^(?i)JOB', 'job.high', true],
    ['(?i:JOB)', 'my-job', true],
    ['^(a|b)$', 'c', false],
    ['^[[:alpha:]]+$', 'abc', true],
    ['^job\\.(high|low)$', 'job.low', true],
  ])('is PCRE, unanchored: %s on %s (rule 4.9.3)', (pattern, name, matches) => {
    expect(compilePattern(pattern).matches(name)).toBe(matches);
  });

  it.each([
    ['^(?!amq\\.).*', 'amq.gen-1', false],
    ['^(?!amq\\.).*', 'orders', true],
    ['^(?!amq\\.|tmp\\.).*$', 'tmp.1', false],
    ['^(?=.*dlq)(?!.*old)orders', 'orders.dlq', true],
    ['^(?=.*dlq)(?!.*old)orders', 'orders.dlq.old', false],
    ['^(?=.*dlq)orders', 'payments.dlq', false],
    ['^(?!amq)[^.]+$', 'orders', true],
    ['^(?!amq)[^.]+$', 'orders.x', false],
    ['^(?!amq\\b)a', 'amqp', true],
    ['(?!a)[^a]b', 'xb', true],
    ['(?!amq).+', 'amq', true],
    ['(?!a)b', 'xxb', true],
    ['(?=b)a', 'ab', false],
    ['^(?![)|]x)a', 'a', true],
    ['^(?!\\))a', 'a', true],
    ['^(?!(a|b)c)[ab]', 'ac', false],
    ['^(?!(a|b)c)[ab]', 'ab', true],
  ])('may begin with lookaheads: %s on %s', (pattern, name, matches) => {
    expect(compilePattern(pattern).matches(name)).toBe(matches);
    // JavaScript's own patterns agree on these.
    expect(new RegExp(pattern, 'u').test(name)).toBe(matches);
  });

  it.each([
    ['(?<!x)job', 'lookbehind'],
    ['x(?!y)', 'a lookahead that does not stand at its beginning'],
    ['(a)\\1', 'back references'],
    ['a++b', 'possessive quantifiers'],
    ['[a-', 'missing closing ]'],
  ])('that cannot be evaluated says why: %s has %s', (pattern, why) => {
    expect(() => compilePattern(pattern)).toThrow(why);
  });

  it.each([
    'a++b',
    '(?>a|ab)c',
    '(a)\\1',
    'x(?!y)',
    '(?<=x)y',
    '^((?!amq).)*$',
    '^(?!a)b|c',
    '(?!a)*b',
    '(?!^a)b',
    '(?!a)\\bb',
    '(unclosed',
    '(?!unclosed',
  ])('is a finding when it cannot be evaluated exactly: %s', (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
    expect(found('policy-pattern', { policies: [{ name: 'p', vhost: '/', pattern, definition: {} }] })).toMatchObject([
      { class: 'blocking', path: 'policies[0].pattern' },
    ]);
  });

  it.each(['^(a+)+$', '^(a|aa)+$', '^(?!x)(a|aa)+$', '^(?!x)((a+)b?)+$', '(?!x).*.*.*.*.*.*=$', '^(?!(a|aa)+$)'])(
    'takes no time that grows beyond measure: %s',
    (pattern) => {
      const compiled = compilePattern(pattern);
      const started = performance.now();

      compiled.matches(`${'a'.repeat(254)}!`);

      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});

describe('an unanchored pattern', () => {
  const patternOf = (pattern: string) =>
    found('unanchored-pattern', { policies: [{ name: 'p', vhost: '/', pattern, definition: {} }] });

  it.each(['job', 'job\\.', '(a|b)', 'amq.gen'])('is said: %s (rule 4.9.3)', (pattern) => {
    expect(patternOf(pattern)).toMatchObject([{ class: 'compatible', path: 'policies[0].pattern' }]);
  });

  it.each(['^job', '', '.*', '.+x', '.', '\\.dlq$', '^(?!amq)', '(^a)', '\\Ajob'])(
    'is none when it is tied or meant for all: %j',
    (pattern) => {
      expect(patternOf(pattern)).toEqual([]);
    },
  );
});
