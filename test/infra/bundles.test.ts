import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onlyWhereATableMoves } from './support/a-table-that-moves.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import {
  ofType,
  resourcesIn,
  synthesise,
  type TemplateResource,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

/** What lies beside the code besides its source map and the topology. */
const moreIn: Readonly<Record<string, readonly string[]>> = {
  'retention-sweep': ['swept-queues.json'],
  replay: ['consumed-queues.json'],
};

describe('the code that is uploaded', () => {
  const packages = mkdtempSync(path.join(tmpdir(), 'warren-bundles-'));
  let functions: TemplateResource[] = [];

  beforeAll(() => {
    const app = warrenApp('local', { bundling: true });
    const resources = synthesise(app).flatMap(({ template }) => resourcesIn(template));
    functions = ofType(resources, 'AWS::Lambda::Function');
    // Away from the repository, where an import that was not bundled would still find node_modules.
    for (const fn of functions) {
      cpSync(path.join(app.outdir, `asset.${assetOf(fn)}`), path.join(packages, folderOf(fn)), { recursive: true });
    }
  }, 60_000);

  afterAll(() => rmSync(packages, { recursive: true }));

  it('is one package per function', () => {
    const folders = readdirSync('lambdas')
      .filter((name) => existsSync(path.join('lambdas', name, 'index.ts')))
      .filter((name) => !onlyWhereATableMoves.includes(name));

    expect(functions.map(folderOf).sort()).toEqual(folders.sort());
    expect(new Set(functions.map(assetOf)).size).toBe(folders.length);
  });

  it('stands alone: code, source map and topology, and a handler as soon as it is loaded in its own environment', () => {
    for (const fn of functions) {
      const bundle = path.join(packages, folderOf(fn));
      const more = moreIn[folderOf(fn)] ?? [];
      expect(readdirSync(bundle).sort()).toEqual(['index.mjs', 'index.mjs.map', 'topology.json', ...more].sort());
      expect(load(bundle, { AWS_REGION: 'eu-west-1', ...environmentOf(fn) })).toEqual({
        status: 0,
        stdout: 'function',
        stderr: '',
      });
    }
  });

  it('has beside the retention sweep the queues it sweeps', () => {
    const file = path.join(packages, 'retention-sweep', 'swept-queues.json');
    const swept: { sqsName: string }[] = JSON.parse(readFileSync(file, 'utf8'));

    expect(swept.map(({ sqsName }) => sqsName)).toEqual(
      expect.arrayContaining(['warren-local-unrouted', 'warren-local-unrouted-dlq']),
    );
  });

  it('says where in our sources it failed', () => {
    for (const fn of functions) {
      const { status, stderr } = load(path.join(packages, folderOf(fn)), {});
      expect(status).toBe(1);
      expect(stderr).toContain('InvalidEnvironmentError');
      expect(stderr).toContain(`lambdas/${folderOf(fn)}/index.ts:`);
    }
  });
});

/** The hash by which the assembly names the function's package. */
function assetOf({ Properties }: TemplateResource): string {
  return Properties['Code'].S3Key.replace(/\.zip$/, '');
}

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
