import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TopologyRefusedError } from '../../lib/topology.ts';
import { analyse } from '../../rabbitmq/analyse.ts';
import { stopsDeployment } from '../../rabbitmq/definitions/finding.ts';
import { resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

/** Definitions that others published; they lie beside the repository, not in it. */
const corpus = path.join(import.meta.dirname, '../../../shared/corpus/rabbitmq-definitions');
const isThere = existsSync(corpus) || process.env['REQUIRE_CORPUS'] === 'true';
const describeWithCorpus = isThere ? describe : describe.skip;
const files = isThere ? readdirSync(corpus).filter((name) => name.endsWith('.json')) : ['none'];

describeWithCorpus.each(files)('%s (skipped without ../shared/corpus)', (name) => {
  it('becomes stacks that keep every rule, or is refused for its findings', () => {
    const file = path.join(corpus, name);
    const { findings, plan } = analyse(readFileSync(file));
    if (findings.some(stopsDeployment)) {
      expect(() => warrenApp('dev', { topology: file })).toThrow(TopologyRefusedError);
      return;
    }
    const stacks = synthesise(warrenApp('dev', { topology: file }));

    const queues = stacks
      .flatMap(({ template }) => resourcesIn(template))
      .filter(({ Type, Properties }) => Type === 'AWS::SQS::Queue' && Properties['QueueName'] !== undefined);
    expect(queues).toHaveLength(2 * plan.queues.length);
    for (const { template } of stacks) expect(resourcesIn(template).length).toBeLessThanOrEqual(500);
  }, 60_000);
});
