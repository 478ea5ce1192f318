import { readFileSync } from 'node:fs';
import { readme, withDiagram } from '../../../order-states/readme-diagram.ts';

describe('the README of orders', () => {
  it('draws the states as the table of transitions has them; else run `npm run order-states`', () => {
    const text = readFileSync(readme, 'utf8');

    expect(text).toBe(withDiagram(text));
  });
});
