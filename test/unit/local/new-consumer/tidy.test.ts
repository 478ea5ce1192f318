import path from 'node:path';
import { RefusedError } from '../../../../local/new-consumer/errors.ts';
import { tidy } from '../../../../local/new-consumer/tidy.ts';

const tidied = (text: string, file = 'lambdas/a/a.ts'): string =>
  tidy(path.join(import.meta.dirname, '../../../..'), file, text);

describe('a text that is tidied', () => {
  it('has its format, and its imports in their order', () => {
    expect(tidied('import { b } from "./b.ts"\nimport { a } from "./a.ts"\nexport const ab = [a,b]')).toBe(
      "import { a } from './a.ts';\nimport { b } from './b.ts';\nexport const ab = [a, b];\n",
    );
  });

  it('is refused when it does not parse', () => {
    expect(() => tidied('export functoin a() {}')).toThrow(RefusedError);
    expect(() => tidied('export functoin a() {}')).toThrow('lambdas/a/a.ts would not parse');
  });

  it('is left as it is when it is neither code nor JSON', () => {
    expect(tidied('#  a', 'lambdas/a/README.md')).toBe('#  a');
  });
});
