import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultDialect, dialectOfVersion } from '../../../rabbitmq/dialect.ts';
import { asOn } from './known-differences.ts';
import { scenarios } from './scenarios.ts';
import { ways } from './stage.ts';
import type { Transcript } from './transcript.ts';
import { playOnWarren } from './warren.ts';

const folder = path.join(import.meta.dirname, 'recorded');
const recordings = readdirSync(folder).map((file): { version: string; played: Record<string, Transcript> } =>
  JSON.parse(readFileSync(path.join(folder, file), 'utf8')),
);

it('dead letters of each dialect are recorded', () => {
  const dialects = recordings.map(({ version }) => dialectOfVersion(version));

  expect(new Set(dialects)).toEqual(new Set(['3.13', '4.0', '4.3']));
});

describe.each(recordings)('the letters of RabbitMQ $version', ({ version, played }) => {
  const dialect = dialectOfVersion(version) ?? defaultDialect;

  it('are recorded of every scenario there is', () => {
    expect(Object.keys(played)).toEqual(scenarios.map(({ name }) => name));
  });

  describe.each(ways)('are Warren’s, with its delay queues %s', (way) => {
    it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
      const { transcript, kept } = await playOnWarren(scenario, dialect, way);

      expect(asOn(version, scenario, transcript)).toEqual(played[name]);
      expect(kept).toEqual(scenario.kept ?? []);
    });
  });
});
