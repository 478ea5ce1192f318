import { type Confirm, joinConfirms } from '../../../../rabbitmq/publishing/confirms.ts';

/** `a`, `n`, `u` for tags 1, 2, …; answers such as `ack ≤3`, `nack 4`. */
function joined(letters: string): string[] {
  const kinds: Record<string, Confirm> = { a: 'ack', n: 'nack', u: 'unknown' };
  const confirms = [...letters].map((letter, at) => [at + 1, kinds[letter] ?? 'unknown'] as const);
  return joinConfirms(confirms).map(
    ({ method, delivery_tag, multiple }) => `${method.slice(6)} ${multiple ? '≤' : ''}${delivery_tag}`,
  );
}

describe('confirms are joined (rule 4.5.24)', () => {
  it.each([
    ['aaa', ['ack ≤3']],
    ['a', ['ack 1']],
    ['nnn', ['nack ≤3']],
    ['aanaa', ['ack ≤2', 'ack 4', 'ack 5', 'nack 3']],
    ['nna', ['ack 3', 'nack ≤2']],
    ['naa', ['ack 2', 'ack 3', 'nack 1']],
    ['aauaa', ['ack ≤2', 'ack 4', 'ack 5']],
    ['uaa', ['ack 2', 'ack 3']],
    ['nnunn', ['nack ≤2', 'nack 4', 'nack 5']],
    ['', []],
  ])('%s as %j', (letters, expected) => {
    expect(joined(letters)).toEqual(expected);
  });

  it('to what each tag alone would have been told, for every outcome of six messages', () => {
    for (let number = 0; number < 3 ** 6; number++) {
      const letters = number
        .toString(3)
        .padStart(6, '0')
        .replaceAll(/./g, (digit) => 'anu'[Number(digit)] ?? '');

      expect(`${letters} ${lettersOf(joined(letters), letters.length)}`).toBe(`${letters} ${letters}`);
    }
  });
});

/** What a publisher makes of them: a `≤` settles all up to it that are not settled yet. */
function lettersOf(told: readonly string[], length: number): string {
  const settled = Array.from({ length }, () => 'u');
  for (const one of told) {
    const [, kind = '', upTo, tag] = /^(.)\w+ (≤)?(\d+)$/.exec(one) ?? [];
    const from = upTo ? 0 : Number(tag) - 1;
    for (let at = from; at < Number(tag); at++) if (settled[at] === 'u') settled[at] = kind;
  }
  return settled.join('');
}
