import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';

const root = path.join(import.meta.dirname, '../../..');

/** The folders of functions. */
export const functionFolders: readonly string[] = readdirSync(path.join(root, 'lambdas')).filter((folder) =>
  existsSync(path.join(root, 'lambdas', folder, 'index.ts')),
);

const sources = new Map<string, string>();
const imports = new Map<string, readonly string[]>();

export function sourceOf(file: string): string {
  const known = sources.get(file) ?? readFileSync(path.join(root, file), 'utf8');
  sources.set(file, known);
  return known;
}

/** A source file and all of ours that it loads, types left out, from the project's root. */
export function reachableFrom(entry: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const file of loadedBy(entry)) reachableFrom(file, found);
  return found;
}

/** The text of everything a function is made of. */
export function sourcesOf(folder: string): readonly string[] {
  return [...reachableFrom(`lambdas/${folder}/index.ts`)].map(sourceOf);
}

function loadedBy(file: string): readonly string[] {
  const known = imports.get(file) ?? parse(file);
  imports.set(file, known);
  return known;
}

function parse(file: string): string[] {
  const specifiers = parseSync(sourceOf(file), { syntax: 'typescript' }).body.flatMap((item) => {
    if (item.type === 'ImportDeclaration' && !item.typeOnly) return [item.source.value];
    if (item.type === 'ExportNamedDeclaration' && item.source) return [item.source.value];
    return item.type === 'ExportAllDeclaration' ? [item.source.value] : [];
  });
  // Loaded when it is needed.
  const later = [...sourceOf(file).matchAll(/\bimport\('([^']+)'\)/g)].map(([, specifier = '']) => specifier);
  return [...specifiers, ...later]
    .filter((specifier) => specifier.startsWith('.') && specifier.endsWith('.ts'))
    .map((specifier) => path.posix.join(path.posix.dirname(file), specifier));
}
