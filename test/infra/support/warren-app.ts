import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Stage } from '../../../lib/stages.ts';
import type { TableMove } from '../../../lib/table-moves.ts';
import { createWarrenApp } from '../../../lib/warren-app.ts';

// The library's own check of every template takes most of a synth; cdk-nag.test.ts, about what is reported, leaves it on.
export function withoutBuiltInValidation(): void {
  process.env['CDK_VALIDATION'] = 'false';
}

const repository = path.join(import.meta.dirname, '../../..');
const outdirs: string[] = [];

afterAll(() => {
  for (const outdir of outdirs) rmSync(outdir, { recursive: true });
});

/** Of a secret that holds a webhook's URL. */
export const webhookSecretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:on-call-webhook-Ab12Cd';

/** The app as `cdk synth -c stage=…` makes it, with cdk.json's feature flags; bundled only on request. */
export function warrenApp(
  stage: Stage,
  {
    bundling = false,
    tableMoves,
    ...context
  }: {
    bundling?: boolean;
    /** Default: those that are declared. */
    tableMoves?: readonly TableMove[];
    topology?: string;
    consumed?: string;
    onCallEmail?: string;
    escalationEmail?: string;
    onCallWebhook?: string | undefined;
    valkey?: string;
    fulfilmentUrl?: string | undefined;
    merchantWebhook?: string | undefined;
    wechatPayApi?: string | undefined;
  } = {},
): App {
  const given: Record<string, unknown> = { ...featureFlags(), stage };
  given['onCallWebhook'] = `wecom:${webhookSecretArn}`;
  // worked example
  given['fulfilmentUrl'] = 'https://merchant.example/fulfilments';
  // worked example
  given['merchantWebhook'] = 'https://merchant.example/warren';
  // worked example
  given['wechatPayApi'] = 'https://api.mch.weixin.qq.com';
  return createWarrenApp(
    {
      outdir: temporaryOutdir(),
      context: { ...given, ...context, ...(!bundling && { 'aws:cdk:bundling-stacks': [] }) },
    },
    undefined,
    tableMoves && { tableMoves },
  );
}

/** An empty stack for a construct under test, under the same feature flags. */
export function emptyStack(): Stack {
  const context = { ...featureFlags(), 'aws:cdk:bundling-stacks': [] };
  return new Stack(new App({ outdir: temporaryOutdir(), context }), 'Test');
}

export interface SynthesisedStack {
  readonly name: string;
  readonly terminationProtection: boolean;
  readonly template: Template;
}

export function synthesise(app: App): readonly SynthesisedStack[] {
  return app.synth().stacks.map(({ stackName, template, terminationProtection = false }) => ({
    name: stackName,
    terminationProtection,
    template: Template.fromJSON(template),
  }));
}

export interface TemplateResource {
  readonly logicalId: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are whatever CloudFormation takes
  readonly Properties: Record<string, any>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export function resourcesIn(template: Template): TemplateResource[] {
  const resources: Record<string, TemplateResource> = template.toJSON()['Resources'] ?? {};
  return Object.entries(resources).map(([logicalId, resource]) => ({
    ...resource,
    Properties: resource.Properties ?? {},
    logicalId,
  }));
}

export function ofType(resources: readonly TemplateResource[], ...types: string[]): TemplateResource[] {
  return resources.filter(({ Type }) => types.includes(Type));
}

/** What the template allows, apart from what it denies. */
export function allowedIn(
  resources: readonly TemplateResource[],
): { Action: unknown; Resource: unknown; Condition?: unknown }[] {
  return ofType(resources, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties['PolicyDocument'].Statement);
}

function featureFlags(): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(repository, 'cdk.json'), 'utf8')).context;
}

function temporaryOutdir(): string {
  const outdir = mkdtempSync(path.join(tmpdir(), 'warren-infra-'));
  outdirs.push(outdir);
  return outdir;
}
