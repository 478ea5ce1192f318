import type { PublishOptions } from './options.ts';

/** The command that publishes what a file of unconfirmed messages holds, to paste into a shell. */
export function againCommand(
  { destination, mode, vhost }: Pick<PublishOptions, 'destination' | 'mode' | 'vhost'>,
  file: string,
): string {
  const { stage, functionName } = destination;
  const where = stage === undefined ? ['--function', functionName] : ['--stage', stage];
  const how = [...(mode === 'confirm' ? [] : [`--${mode}`]), ...(vhost === '/' ? [] : ['--vhost', vhost])];
  return ['npx', 'warren', 'publish', ...where, ...how, '--file', file].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
