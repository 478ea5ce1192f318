import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultDialect, dialectOfVersion } from '../../../rabbitmq/dialect.ts';
import { scenarios } from './scenarios.ts';
import { type Played, playOnWarren } from './warren.ts';

const folder = path.join(import.meta.dirname, 'recorded');

describe.each(readdirSync(folder))('the publisher with amqplib’s shape tells what amqplib told of %s', (file) => {
  const recorded: { version: string; played: Record<string, Played> } = JSON.parse(
    readFileSync(path.join(folder, file), 'utf8'),
  );
  const dialect = dialectOfVersion(recorded.version) ?? defaultDialect;

  it('in every scenario there is', () => {
    expect(Object.keys(recorded.played)).toEqual(scenarios.map(({ name }) => name));
  });

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
    expect(await playOnWarren(scenario, dialect)).toEqual(recorded.played[name]);
  });
});
