import { styleText } from 'node:util';
import type { FindingClass } from '../../rabbitmq/definitions/finding.ts';
import type { Io } from './io.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours on a terminal only, and not where NO_COLOR asks for none. */
export function painter({ stdout }: Io): (style: Style, text: string) => string {
  const isPlain = stdout.isTTY !== true || process.env['NO_COLOR'] !== undefined;
  return (style, text) => (isPlain ? text : styleText(style, text, { validateStream: false }));
}

export const classStyles: Readonly<Record<FindingClass, Style>> = {
  blocking: ['bold', 'red'],
  unknown: ['bold', 'magenta'],
  warning: ['bold', 'yellow'],
  compatible: ['bold', 'green'],
};
