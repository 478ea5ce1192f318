import { readFileSync, writeFileSync } from 'node:fs';
import { drawings, withDiagram } from './readme-diagram.ts';

// npm run order-states
for (const drawn of drawings) {
  writeFileSync(drawn.readme, withDiagram(readFileSync(drawn.readme, 'utf8'), drawn));
}
