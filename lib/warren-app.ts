import path from 'node:path';
import { Annotations, App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { configs, parseStage } from './config.ts';
import { enforceRules } from './rules/enforce-rules.ts';
import { StatefulStack } from './stacks/stateful-stack.ts';
import { StatelessStack } from './stacks/stateless-stack.ts';
import { loadDefinitions } from './topology.ts';

const definitionsFile = 'topology/definitions.json';

/** The whole app of one stage, chosen by `-c stage=…`: two stacks, the rules they must keep, the packs that check them. */
export function createWarrenApp(props: AppProps = {}): App {
  const app = new App(props);
  const stage = parseStage(app.node.tryGetContext('stage'));
  const config = configs[stage];
  const prefix = `${config.app}-${stage}`;
  const deployed = loadDefinitions(path.join(import.meta.dirname, '..', definitionsFile), prefix, config);
  for (const warning of deployed.warnings) Annotations.of(app).addWarningV2('warren:topology', warning);

  const onCallEmail = app.node.tryGetContext('onCallEmail');
  const stateful = new StatefulStack(app, `${prefix}-stateful`, { config, deployed, onCallEmail });
  new StatelessStack(app, `${prefix}-stateless`, { config, deployed, stateful });
  Tags.of(app).add('warren:stage', stage);
  enforceRules(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}
