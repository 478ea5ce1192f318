import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';

const root = path.join(import.meta.dirname, '../..');

interface Import {
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Static imports and re-exports of a source text; relative ones as paths from the project's root. */
function importsOf(file: string, source: string): Import[] {
  return parseSync(source, { syntax: 'typescript' }).body.flatMap((item): Import[] => {
    if (item.type === 'ImportDeclaration') return [{ to: resolve(file, item.source.value), typeOnly: item.typeOnly }];
    if (item.type === 'ExportNamedDeclaration' && item.source)
      return [{ to: resolve(file, item.source.value), typeOnly: false }];
    if (item.type === 'ExportAllDeclaration') return [{ to: resolve(file, item.source.value), typeOnly: false }];
    return [];
  });
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
}

/** The folder an arrow begins or ends at: `lambdas/<function>`, `lambdas/shared` and the WeChat Pay simulator are areas of their own. */
function areaOf(file: string): string {
  return /^lambdas\/[^/]+|^local\/wechat-pay-simulator/.exec(file)?.[0] ?? file.split('/')[0] ?? '';
}

const ours = /^(bin|lib|lambdas|rabbitmq|local|test|bench)\//;
const pure = /^(zod|node:crypto|@humanwhocodes\/momoa|re2js)$/;

/** Why this import turns an arrow of docs and design around; undefined when it is fine. */
function violation(file: string, { to, typeOnly }: Import): string | undefined {
  const from = areaOf(file);
  const problem = `${file} imports ${to}`;
  if (!ours.test(to)) {
    if (from === 'rabbitmq' && !pure.test(to)) return problem;
    if (/^(aws-cdk-lib|constructs|cdk-nag)/.test(to) && from !== 'lib' && from !== 'bin') return problem;
    return undefined;
  }
  const target = areaOf(to);
  if (from === 'local' || from === 'bench' || from === target) return undefined;
  const allowed: Readonly<Record<string, readonly string[]>> = {
    // The command line finds the local AWS where npm start has put it.
    bin: ['lib', 'lambdas/shared', 'rabbitmq', 'local'],
    lib: ['rabbitmq'],
    rabbitmq: [],
    // A test peer that shares code with what it tests shares its mistakes.
    'local/wechat-pay-simulator': ['local'],
  };
  const targets = allowed[from] ?? ['lambdas/shared', 'rabbitmq'];
  if (from === 'lambdas/shared' ? target === 'rabbitmq' : targets.includes(target)) return undefined;
  return from === 'lib' && typeOnly && /^lambdas\/.*env\.ts$/.test(to) ? undefined : problem;
}

function violationsIn(file: string, source: string): string[] {
  return importsOf(file, source).flatMap((one) => violation(file, one) ?? []);
}

const files = globSync('{bin,lib,lambdas,rabbitmq,local,bench}/**/*.ts', { cwd: root })
  .map((file) => file.split(path.sep).join('/'))
  // A benchmark installs packages of its own.
  .filter((file) => !file.includes('/node_modules/'));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

describe('the arrows between folders', () => {
  it('are kept by every import', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(files.flatMap((file) => violationsIn(file, read(file)))).toEqual([]);
  });

  it.each([
    ['rabbitmq/x.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['rabbitmq/x.ts', "import { x } from '../lambdas/shared/env.ts';"],
    ['rabbitmq/x.ts', "import { readFileSync } from 'node:fs';"],
    ['lib/x.ts', "import { envSchema } from '../lambdas/orders/env.ts';"],
    ['lib/x.ts', "import type { HandlerDeps } from '../lambdas/orders/handler.ts';"],
    ['lambdas/orders/x.ts', "import { x } from '../publish/contract.ts';"],
    ['lambdas/shared/x.ts', "export { x } from '../orders/env.ts';"],
    ['lambdas/orders/x.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['lambdas/orders/x.ts', "import { paths } from '../../local/paths.ts';"],
    ['lambdas/orders/x.ts', "import { x } from '../../bench/workloads.ts';"],
    ['local/wechat-pay-simulator/api/x.ts', "import { x } from '../../../lambdas/shared/wechat-pay/signature.ts';"],
    ['local/wechat-pay-simulator/x.ts', "import type { PaymentSuccess } from '../../lib/config.ts';"],
  ])('would be broken by %s with %s', (file, source) => {
    expect(violationsIn(file, source)).toHaveLength(1);
  });
});

describe('time, randomness, environment and clients', () => {
  const breaking = (area: RegExp, pattern: RegExp) =>
    files.filter((file) => area.test(file) && pattern.test(read(file)));

  it('stay out of rabbitmq', () => {
    expect(breaking(/^rabbitmq\//, /Date\.now\(|new Date\(\)|Math\.random\(|process\./)).toEqual([]);
  });

  it('come into a function through its index.ts alone', () => {
    const inside = files.filter((file) => /^lambdas\//.test(file) && !file.endsWith('/index.ts'));
    expect(inside.filter((file) => /process\.env|Date\.now\(|new Date\(\)/.test(read(file)))).toEqual([]);
  });

  it('reach SDK clients made in one place', () => {
    expect(breaking(/^lambdas\//, /new (SQS|DynamoDB|SecretsManager)Client\(/)).toEqual([
      'lambdas/shared/aws/clients.ts',
    ]);
  });
});
