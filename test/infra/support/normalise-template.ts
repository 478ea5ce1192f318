import type { Template } from 'aws-cdk-lib/assertions';

/** A template without what differs between machines, checkouts and library versions: asset hashes, and CDK's own bootstrap check. */
export function normaliseTemplate(template: Template): unknown {
  const { Parameters, Rules: _, ...rest } = template.toJSON();
  const { BootstrapVersion: __, ...parameters } = Parameters ?? {};
  return JSON.parse(
    JSON.stringify({ ...rest, Parameters: parameters }).replaceAll(/[0-9a-f]{64}(?=\.(zip|json))/g, 'ASSET-HASH'),
  );
}
