import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { jsonSchemas, schemasFolder } from './json-schemas.ts';

// npm run schemas
for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(path.join(schemasFolder, name), text);
