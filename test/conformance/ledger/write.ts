/** Writes docs/conformance.md: `npm run ledger`. */
import { writeFileSync } from 'node:fs';
import { ledgerDocument } from './document.ts';
import { evidence } from './evidence.ts';
import { sections } from './rules.ts';

writeFileSync(new URL('../../../docs/conformance.md', import.meta.url), ledgerDocument(sections, evidence()));
