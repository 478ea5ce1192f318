import { readFileSync } from 'node:fs';
import path from 'node:path';
import { drawings, withDiagram } from '../../../order-states/readme-diagram.ts';

describe('the READMEs that draw what the code says', () => {
  it.each(drawings.map((drawn) => [path.basename(path.dirname(drawn.readme)), drawn] as const))(
    'draw it as the table has it: %s; else run `npm run order-states`',
    (_, drawn) => {
      const text = readFileSync(drawn.readme, 'utf8');

      expect(text).toBe(withDiagram(text, drawn));
    },
  );
});
