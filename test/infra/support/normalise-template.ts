import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

/**
 * A template without what differs between machines, checkouts and library versions (asset hashes, CDK's own bootstrap check), and with
 * references as text, as `Fn::Sub` writes them: an ARN is one line instead of twenty.
 */
export function normaliseTemplate(template: Template): unknown {
  const { Parameters, Rules: _, ...rest } = template.toJSON();
  const { BootstrapVersion: __, ...parameters } = Parameters ?? {};
  return withTextReferences(
    JSON.parse(
      JSON.stringify({ ...rest, Parameters: parameters }).replaceAll(/[0-9a-f]{64}(?=\.(zip|json))/g, 'ASSET-HASH'),
    ),
  );
}

const ref = z.strictObject({ Ref: z.string() });
const getAtt = z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const getStackOutput = z.strictObject({
  'Fn::GetStackOutput': z.strictObject({
    OutputName: z.string(),
    StackName: z.string(),
    Region: z.literal(`\${AWS::Region}`),
  }),
});
const join = z.strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.string())]) });

/** From the inside out; what is none of the four stays as it is. */
function withTextReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTextReferences);
  if (typeof value !== 'object' || value === null) return value;
  const inside = Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === 'DashboardBody' ? widgetLines(withTextReferences(one)) : withTextReferences(one),
    ]),
  );
  return asText(inside) ?? inside;
}

const widget = z.object({
  properties: z.looseObject({
    title: z.string().optional(),
    markdown: z.string().optional(),
    metrics: z.array(z.array(z.unknown())).default([]),
    alarms: z.array(z.string()).default([]),
  }),
});
const dashboard = z.object({ widgets: z.array(widget) });

/** By title, what it shows: of alarms each has a line of its own, wherever it stands. */
function widgetLines(body: unknown): Record<string, unknown> {
  const { widgets } = dashboard.parse(JSON.parse(z.string().parse(body)));
  return Object.fromEntries(
    widgets.map(({ properties: { title, markdown, metrics, alarms } }) => {
      const shown = metrics.map((one) => one.filter((part) => typeof part === 'string').join(' '));
      return [
        title ?? markdown ?? 'untitled',
        alarms.length > 0 ? Object.fromEntries(alarms.map((alarm) => [alarm, true])) : shown,
      ];
    }),
  );
}

function asText(value: object): string | undefined {
  const reference = ref.safeParse(value);
  if (reference.success) return `\${${reference.data.Ref}}`;
  const attribute = getAtt.safeParse(value);
  if (attribute.success) return `\${${attribute.data['Fn::GetAtt'].join('.')}}`;
  const output = getStackOutput.safeParse(value);
  if (output.success) {
    const { StackName, OutputName } = output.data['Fn::GetStackOutput'];
    return `\${${StackName}:${OutputName}}`;
  }
  const joined = join.safeParse(value);
  return joined.success ? joined.data['Fn::Join'][1].join('') : undefined;
}
