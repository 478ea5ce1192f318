import { mostInBatch, type PublishOptions } from './options.ts';

/** The command that publishes what a file of unconfirmed messages holds, at the same pace, to paste into a shell. */
export function againCommand(
  { destination, mode, vhost, batch, rate }: Pick<PublishOptions, 'destination' | 'mode' | 'vhost' | 'batch' | 'rate'>,
  file: string,
): string {
  const { stage, functionName } = destination;
  const where = stage === undefined ? ['--function', functionName] : ['--stage', stage];
  const how = [
    ...(mode === 'confirm' ? [] : [`--${mode}`]),
    ...(vhost === '/' ? [] : ['--vhost', vhost]),
    ...(batch === mostInBatch(mode) ? [] : ['--batch', String(batch)]),
    ...(rate === undefined ? [] : ['--rate', String(rate)]),
  ];
  return ['npx', 'warren', 'publish', ...where, ...how, '--file', file].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
