import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultDialect, dialectOfVersion } from '../../rabbitmq/dialect.ts';
import { recordedFolder } from './definitions-files.ts';
import { type GeneratedRecording, outcomeOf, readGeneratedCases } from './generated-cases.ts';
import { compare } from './live/compare.ts';
import { knownDifferencesOf } from './live/known-differences.ts';
import { createPredict } from './live/predict.ts';

const { cases, digest } = readGeneratedCases();
const recordings = readdirSync(recordedFolder)
  .filter((file) => /^generated-\d/.test(file))
  .map((file): GeneratedRecording => JSON.parse(readFileSync(path.join(recordedFolder, file), 'utf8')));

describe('the generated cases', () => {
  const exchanges = cases.flatMap(({ definitions }) => definitions.exchanges);
  const bindings = cases.flatMap(({ definitions }) => definitions.bindings);
  const messages = cases.flatMap((one) => one.messages);

  it('have been answered by a broker of each dialect', () => {
    const dialects = recordings.map(({ rabbitmq_version }) => dialectOfVersion(rabbitmq_version));
    expect(new Set(dialects)).toEqual(new Set(['3.13', '4.0', '4.3']));
  });

  it.each(['direct', 'fanout', 'topic', 'headers', 'x-consistent-hash'])('have %s exchanges', (type) => {
    expect(exchanges.filter((exchange) => exchange.type === type).length).toBeGreaterThanOrEqual(10);
  });

  it('have internal exchanges, alternate ones, exchanges bound to exchanges, typed arguments and copies', () => {
    const counts = [
      exchanges.filter(({ internal }) => internal),
      exchanges.filter(({ arguments: args }) => args['alternate-exchange'] !== undefined),
      bindings.filter(({ destination_type }) => destination_type === 'exchange'),
      bindings.filter(({ arguments: args }) => JSON.stringify(args).includes('"!"')),
      messages.filter(({ headers }) => headers['CC'] ?? headers['BCC']),
    ].map(({ length }) => length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(10);
  });
});

describe.each(recordings)('RabbitMQ $rabbitmq_version, recorded', ({ rabbitmq_version, cases: answered, answers }) => {
  const outcomes = answers.map((ofRound) => ofRound.map(outcomeOf));

  it('was asked about these very cases', () => {
    expect(answered).toBe(digest);
    expect(outcomes.map(({ length }) => length)).toEqual(cases.map(({ messages }) => messages.length));
  });

  it('answered in every way there is', () => {
    const all = outcomes.flat();
    const count = (text: string) => all.filter((outcome) => JSON.stringify(outcome).includes(text)).length;
    for (const text of ['"returned":true', '"nack"', '"error":403', '"error":404', '"error":406', '"q0","q1"']) {
      expect([text, count(text)]).not.toEqual([text, 0]);
    }
  });

  it('did with every message what we say becomes of it', () => {
    const dialect = dialectOfVersion(rabbitmq_version) ?? defaultDialect;
    const differences = cases.flatMap(({ definitions, messages }, round) => {
      const predict = createPredict(definitions, dialect, knownDifferencesOf(rabbitmq_version));
      return compare(predict, messages, outcomes[round] ?? []).differences;
    });
    expect(differences).toEqual([]);
  });
});
