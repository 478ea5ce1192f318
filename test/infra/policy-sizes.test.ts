import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const folder = mkdtempSync(path.join(tmpdir(), 'warren-policies-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => jest.restoreAllMocks());

/** IAM, quotas: of a role's own policy, and of a managed one, into which CDK moves what is more. */
const mostCharacters: Readonly<Record<string, number>> = {
  'AWS::IAM::Policy': 10_240,
  'AWS::IAM::ManagedPolicy': 6_144,
};
/** As long as they get. */
const longest: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-99',
  'AWS::AccountId': '123456789012',
};
/** An ARN of another stack, or of a generated name. */
const someArn = 'x'.repeat(160);
/** Lambda, API reference: a function's name has at most 64 characters. */
const functionArn = `arn:aws-us-gov:lambda:ap-southeast-99:123456789012:function:${'x'.repeat(64)}`;

/** Definitions with so many queues that refuse what is over their length. */
function fileWith(count: number): string {
  const queues = Array.from({ length: count }, (_, at) => ({
    vhost: '/',
    name: `payments.settlement.commands.${at}`,
    durable: true,
    arguments: { 'x-max-length': 10, 'x-overflow': 'reject-publish' },
  }));
  const file = path.join(folder, `${count}.json`);
  writeFileSync(file, JSON.stringify({ queues }));
  return file;
}

describe('the policies of functions', () => {
  // Just before both grants together, and then the grant to send alone, go by the prefix.
  it.each([17, 34])('hold no more than IAM takes, with %i queues that refuse what is over their length', (count) => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const stacks = synthesise(warrenApp('prod', { topology: fileWith(count) }));
    const policies = stacks
      .flatMap(({ template }) => resourcesIn(template))
      .filter(({ Type }) => Type in mostCharacters);

    expect(policies.length).toBeGreaterThan(1);
    const tooLong = policies.filter(
      ({ Type, Properties }) =>
        JSON.stringify(rendered(Properties['PolicyDocument'])).length > (mostCharacters[Type] ?? 0),
    );
    expect(tooLong.map(({ logicalId }) => logicalId)).toEqual([]);
  });

  it('and of operators hold no more than IAM takes, with all that the app has', () => {
    const policies = synthesise(warrenApp('prod'))
      .flatMap(({ template }) => resourcesIn(template))
      .filter(({ Type }) => Type in mostCharacters);
    const tooLong = policies.filter(
      ({ Type, Properties }) =>
        JSON.stringify(rendered(Properties['PolicyDocument'])).length > (mostCharacters[Type] ?? 0),
    );

    expect(policies.some(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')).toBe(true);
    expect(tooLong.map(({ logicalId }) => logicalId)).toEqual([]);
  });
});

/** Joins and references as the text they become. */
function rendered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rendered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, inner] = ['', undefined]] = entries;
  if (key === 'Ref') return longest[String(inner)] ?? someArn;
  if (key === 'Fn::Join' && Array.isArray(inner)) return inner[1].map(rendered).join(inner[0]);
  if (key === 'Fn::GetAtt' && /Function[0-9A-F]{8}$/.test(String([inner].flat()[0]))) return functionArn;
  if (key.startsWith('Fn::')) return someArn;
  return Object.fromEntries(entries.map(([name, one]) => [name, rendered(one)]));
}
