import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { noDelaysEnv } from '../support/no-delays.ts';
import { warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

/** Any values that the functions' env schemas take: nothing is called at import. */
const environment = {
  AWS_REGION: 'eu-west-1',
  QUEUE_NAME_PREFIX: 'warren-local',
  QUEUE_URL_BASE: 'https://sqs.eu-west-1.amazonaws.com/000000000000/',
  ...noDelaysEnv,
  IDEMPOTENCY_TABLE: 'idempotency',
  IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '60',
  RETRY_MIN_SECONDS: '0',
  RETRY_MAX_SECONDS: '1',
  ORDERS_TABLE: 'orders',
  OUTBOX_TABLE: 'outbox',
  OUTBOX_KEEP_SECONDS: '60',
  WECHAT_PAY_SECRET_ID: 'secret',
  WECHAT_PAY_SECRET_MAX_AGE_SECONDS: '60',
};

describe('the code that is uploaded', () => {
  const packages = mkdtempSync(path.join(tmpdir(), 'warren-bundles-'));
  let bundles: string[] = [];

  beforeAll(() => {
    // Away from the repository, where an import that was not bundled would still find node_modules.
    const { directory } = warrenApp('local', { bundling: true }).synth();
    for (const asset of readdirSync(directory).filter((name) => existsSync(path.join(directory, name, 'index.mjs')))) {
      cpSync(path.join(directory, asset), path.join(packages, asset), { recursive: true });
    }
    bundles = readdirSync(packages).map((asset) => path.join(packages, asset));
  }, 60_000);

  afterAll(() => rmSync(packages, { recursive: true }));

  it('is one package per function', () => {
    const folders = readdirSync('lambdas').filter((name) => existsSync(path.join('lambdas', name, 'index.ts')));

    expect(bundles).toHaveLength(folders.length);
  });

  it('stands alone: code, source map and topology, and a handler as soon as it is loaded', () => {
    for (const bundle of bundles) {
      expect(readdirSync(bundle).sort()).toEqual(['index.mjs', 'index.mjs.map', 'topology.json']);
      expect(load(bundle, environment)).toEqual({ status: 0, stdout: 'function', stderr: '' });
    }
  });

  it('says where in our sources it failed', () => {
    for (const bundle of bundles) {
      const { status, stderr } = load(bundle, {});
      expect(status).toBe(1);
      expect(stderr).toContain('InvalidEnvironmentError');
      expect(stderr).toMatch(/lambdas\/[a-z-]+\/index\.ts:\d+/);
    }
  });
});

function load(folder: string, env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--enable-source-maps',
      '-e',
      "import('./index.mjs').then((module) => process.stdout.write(typeof module.handler))",
    ],
    { cwd: folder, env, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}
