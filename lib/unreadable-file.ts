import { types } from 'node:util';

/** Why a file cannot be read, for whoever named it. */
export function whyUnreadable(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return error.message;
}
