import { type Stage, stages } from '../../lib/stages.ts';
import { normaliseTemplate } from './support/normalise-template.ts';
import { differences, type StageTemplates } from './support/template-differences.ts';
import { synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

function templatesOf(stage: Stage): StageTemplates {
  const stacks = synthesise(warrenApp(stage)).map(({ name, template }) => [name, normaliseTemplate(template)]);
  return { stage, stacks: Object.fromEntries(stacks) };
}

describe('the stacks', () => {
  const { local, dev, prod } = { local: templatesOf('local'), dev: templatesOf('dev'), prod: templatesOf('prod') };

  it.each([local, dev, prod])(
    'of stage $stage are those for data, for queues and for functions',
    ({ stage, stacks }) => {
      const kinds = Object.keys(stacks).map((name) => name.replace(/queues-\d+$/, 'queues'));

      expect([...new Set(kinds)]).toEqual([
        `warren-${stage}-stateful`,
        `warren-${stage}-queues`,
        `warren-${stage}-stateless`,
      ]);
    },
  );

  it.each(Object.entries(prod.stacks))('of prod are as they were: %s', (_name, template) => {
    expect(template).toMatchSnapshot();
  });

  it('of dev differ from those of prod in this', () => {
    expect(differences(prod, dev)).toMatchSnapshot();
  });

  it('of local differ from those of dev in this', () => {
    expect(differences(dev, local)).toMatchSnapshot();
  });

  it('are of every stage that there is', () => {
    expect([local, dev, prod].map(({ stage }) => stage)).toEqual([...stages]);
  });
});
