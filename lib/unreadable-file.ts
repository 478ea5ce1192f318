import { types } from 'node:util';

/** Which file cannot be read and why, for whoever named it. */
export function unreadable(file: string, error: unknown): string {
  return `${file === '' ? "''" : file} cannot be read: ${file === '' ? 'it is the name of no file' : whyUnreadable(error)}`;
}

/** Which file cannot be written and why. */
export function unwritable(file: string, error: unknown): string {
  const isFolderMissing = types.isNativeError(error) && 'code' in error && error.code === 'ENOENT';
  return `${file} cannot be written: ${isFolderMissing ? 'its folder does not exist' : whyUnreadable(error)}`;
}

/** Of a file system's error. */
function whyUnreadable(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return error.message;
}
