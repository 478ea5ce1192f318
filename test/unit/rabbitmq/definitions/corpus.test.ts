import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { analyse } from '../../../../rabbitmq/analyse.ts';

/** Definitions that others published; they lie beside the repository, not in it. */
const corpus = path.join(import.meta.dirname, '../../../../../shared/corpus/rabbitmq-definitions');
const isThere = existsSync(corpus);
const files = isThere ? readdirSync(corpus).filter((name) => name.endsWith('.json')) : [];
const invalidJson = ['AwesomeTeamPlayer__rabbit-mq__1.json', 'rabbitmq__rabbitmq-server__14.json'];

// Where the corpus is required, its absence must fail; elsewhere it is said, in the title of what is skipped.
const describeWithCorpus = isThere || process.env['REQUIRE_CORPUS'] === 'true' ? describe : describe.skip;
const title = isThere ? 'definitions that others published' : `definitions that others published: no folder ${corpus}`;

describeWithCorpus(title, () => {
  it('are there', () => {
    expect(files).not.toEqual([]);
  });

  it('are read without throwing, and every finding has its place', () => {
    for (const file of files) {
      const text = readFileSync(path.join(corpus, file), 'utf8');
      const lines = text.split('\n').length;
      for (const finding of analyse(text).findings) {
        expect({ file, ...finding }).toMatchObject({ line: expect.any(Number), fix: expect.stringMatching(/.+/) });
        expect(finding.line).toBeGreaterThanOrEqual(1);
        expect(finding.line).toBeLessThanOrEqual(lines);
        expect(finding.column).toBeGreaterThanOrEqual(1);
      }
    }
  });

  it('are invalid JSON in the two files that were published so, and in no other', () => {
    const invalid = files.filter((file) =>
      analyse(readFileSync(path.join(corpus, file), 'utf8')).findings.some(({ code }) => code === 'invalid-json'),
    );

    expect(invalid.sort()).toEqual(invalidJson);
  });
});
