import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { jest } from '@jest/globals';
import { type App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { z } from 'zod';
import { type Stage, stages } from '../../lib/stages.ts';
import { warrenApp } from './support/warren-app.ts';

const reportSchema = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(
        z.object({
          ruleName: z.string(),
          severity: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
});

beforeEach(() => {
  // The packs print what they find; the report says it too.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

describe.each<[Stage, { readonly valkey?: string }]>([
  ...stages.map((stage): [Stage, object] => [stage, {}]),
  // worked example
  ['prod', { valkey: 'serverless' }],
])('stage %s with the context %j', (stage, context) => {
  it('has no finding that is not acknowledged with a reason', () => {
    const { findings, packs, error } = validate(
      warrenApp(stage, { ...context, onCallEmail: 'you@example.com', escalationEmail: 'lead@example.com' }),
    );

    expect(findings).toEqual([]);
    expect(packs).toEqual(expect.arrayContaining(['AwsSolutions', 'Serverless']));
    expect(error).toBeUndefined();
  });
});

describe('the packs', () => {
  it('refuse what nobody acknowledged, each by its own id', () => {
    const app = warrenApp('dev');
    const stack = new Stack(app, 'Careless');
    new Bucket(stack, 'Open');

    const { findings, error } = validate(app);

    expect(error).toBeDefined();
    expect(findings).toContain('AwsSolutions-S10 at Careless/Open/Resource');
    expect(findings.filter((finding) => !finding.includes('Careless'))).toEqual([]);
  });
});

/** Synthesises. An unacknowledged finding makes synth throw, after it has written the report. */
function validate(app: App) {
  let error: unknown;
  try {
    app.synth();
  } catch (thrown) {
    error = thrown;
  }
  const report = path.join(app.outdir, 'validation-report.json');
  if (error !== undefined && !existsSync(report)) throw error;
  const { pluginReports } = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
  const findings = pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    ),
  );
  return { findings, packs: pluginReports.map(({ pluginName }) => pluginName), error };
}
