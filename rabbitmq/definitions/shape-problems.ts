import type { Problem } from './finding.ts';
import type { Path } from './json-document.ts';

export function wrongShape(path: Path, message: string): Problem {
  return { class: 'blocking', code: 'wrong-shape', path, message: `${message}.`, fix: 'change the value.' };
}

export function unknownField(path: Path): Problem {
  const message = 'is not a field RabbitMQ exports: deploying without it could change what happens to a message.';
  return { class: 'unknown', code: 'unknown-key', path, message, fix: 'remove it.' };
}
