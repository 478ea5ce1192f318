import { readFileSync, writeFileSync } from 'node:fs';
import { readme, withDiagram } from './readme-diagram.ts';

// npm run order-states
writeFileSync(readme, withDiagram(readFileSync(readme, 'utf8')));
