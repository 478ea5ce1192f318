import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The files that docs/producers.md shows, by their paths: what a reader copies from it. */
export function shownFiles(root: string): ReadonlyMap<string, string> {
  const page = readFileSync(path.join(root, 'docs/producers.md'), 'utf8');
  const blocks = page.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm);
  return new Map([...blocks].map(([, file = '', text = '']) => [file, text]));
}

/** Those of the function, below another folder. */
export function writeShown(files: ReadonlyMap<string, string>, project: string): void {
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    writeFileSync(path.join(project, file), text);
  }
}

/** What docs/producers.md tells to do, done in a copy of the project. */
export function addOwnProducer(project: string): void {
  writeShown(shownFiles(project), project);
  writeFileSync(path.join(project, 'lambdas/checkout/README.md'), '# checkout\n\nTells that orders are closed.\n');
  edit('lib/publishers.ts', 'PublisherRow>> = {\n', "PublisherRow>> = {\n  checkout: { exchange: 'orders' },\n");
  edit(
    'lib/functions/connections.ts',
    'publisherConnections: Readonly<Record<string, Connect>> = {\n',
    'publisherConnections: Readonly<Record<string, Connect>> = {\n  checkout: connectCheckout,\n',
  );
  edit('lib/functions/connections.ts', 'import ', "import { connectCheckout } from './checkout.ts';\nimport ");
  mkdirSync(path.join(project, 'events/checkout'));
  writeFileSync(path.join(project, 'events/checkout/closed.json'), '{ "out_trade_no": "WARREN-EVENT-0001" }\n');

  function edit(file: string, from: string, to: string): void {
    const before = readFileSync(path.join(project, file), 'utf8');
    const after = before.replace(from, () => to);
    if (after === before) throw new Error(`${file} has no ${from}: docs/producers.md does not fit it any more`);
    writeFileSync(path.join(project, file), after);
  }
}
