// Runs before scripts that do not set the project up themselves, perhaps on a fresh clone: plain JavaScript for any Node.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// The project's own Node, which reads TypeScript: the scripts behind this would else end in a stack trace.
if (!existsSync(fileURLToPath(new URL('../node_modules/node/bin', import.meta.url)))) {
  process.stderr.write('The packages are not installed yet. Run: npm ci\n');
  process.exit(1);
}
