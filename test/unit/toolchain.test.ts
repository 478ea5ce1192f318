import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

describe('the toolchain', () => {
  it('resolves the CDK CLI to a 2.x release, never the accidentally published 3.0.0', () => {
    const { version } = JSON.parse(readFileSync(require.resolve('aws-cdk/package.json'), 'utf8'));

    expect(version).toMatch(/^2\./);
  });

  it('pins every dependency to one exact version', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
    );

    expect(ranges).toEqual([]);
  });

  it('keeps download addresses out of the lock file', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"');
  });
});
