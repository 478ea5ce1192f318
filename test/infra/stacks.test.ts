import { stages } from '../../lib/config.ts';
import { normaliseTemplate } from './support/normalise-template.ts';
import { synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

describe.each(stages)('stage %s', (stage) => {
  it('deploys these stacks', () => {
    const stacks = synthesise(warrenApp(stage));

    expect(stacks.map(({ name }) => name)).toEqual([
      `warren-${stage}-stateful`,
      `warren-${stage}-queues-1`,
      `warren-${stage}-stateless`,
    ]);
    for (const { name, template } of stacks) expect(normaliseTemplate(template)).toMatchSnapshot(name);
  });
});
