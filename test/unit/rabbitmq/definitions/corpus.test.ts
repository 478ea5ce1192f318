import { analyse } from '../../../../rabbitmq/analyse.ts';
import { stopsDeployment } from '../../../../rabbitmq/definitions/finding.ts';
import { dialects } from '../../../../rabbitmq/dialect.ts';
import { bytesOf, describeWithCorpus, files, title } from './corpus.ts';

const invalidJson = ['AwesomeTeamPlayer__rabbit-mq__1.json', 'rabbitmq__rabbitmq-server__14.json'];

describeWithCorpus(title, () => {
  it('are there, all of them', () => {
    expect(files).toHaveLength(47);
  });

  it.each(dialects)('are read without throwing, and every finding has its place, in dialect %s', (dialect) => {
    for (const file of files) {
      const bytes = bytesOf(file);
      const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
      for (const finding of analyse(bytes, { dialect }).findings) {
        expect({ file, ...finding }).toMatchObject({
          message: expect.stringMatching(/.+\.$/s),
          fix: expect.stringMatching(/.+\.$/s),
        });
        expect(finding.line).toBeGreaterThanOrEqual(1);
        expect(finding.line).toBeLessThanOrEqual(lines.length);
        expect(finding.column).toBeGreaterThanOrEqual(1);
        expect(finding.column).toBeLessThanOrEqual((lines[finding.line - 1]?.length ?? 0) + 1);
      }
    }
  });

  it('are invalid JSON in the two files that were published so, and in no other', () => {
    const invalid = files.filter((file) => analyse(bytesOf(file)).findings.some(({ code }) => code === 'invalid-json'));

    expect(invalid.sort()).toEqual(invalidJson);
  });

  it('stop a deployment only where RabbitMQ, or SQS, cannot do what they say', () => {
    const stopped = files.filter((file) => analyse(bytesOf(file)).findings.some(stopsDeployment));

    expect(stopped).toEqual([
      ...['AwesomeTeamPlayer__rabbit-mq__1.json', 'BiobankLab__sensitive-data-archive__1.json'],
      'adrienKoumgangT__distriqueue__1.json',
      ...[12, 13, 14, 6].map((number) => `rabbitmq__rabbitmq-server__${number}.json`),
    ]);
  });

  it('have nothing of their passwords in the findings', () => {
    for (const file of files) expect(JSON.stringify(analyse(bytesOf(file)).findings)).not.toMatch(/REDAC/);
  });
});
