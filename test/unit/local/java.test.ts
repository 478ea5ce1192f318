import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findJava } from '../../../local/backends/java.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'warren-java-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder whose `java` says that it is of this version. */
function javaThatIs(version: string): string {
  const bin = path.join(folder, version, 'bin');
  mkdirSync(bin, { recursive: true });
  const java = path.join(bin, 'java');
  writeFileSync(java, `#!/bin/sh\necho 'openjdk version "${version}" 2025-04-15' >&2\n`);
  chmodSync(java, 0o755);
  return path.join(folder, version);
}

const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('a Java that is new enough', () => {
  it.each(['17.0.15', '21', '25.0.1'])('is one of version %s, on the PATH', (version) => {
    expect(findJava({ PATH: path.join(javaThatIs(version), 'bin') })).toBe('java');
  });

  it('is that of JAVA_HOME before the one on the PATH, and after it if it is too old', () => {
    const [old, fresh] = [javaThatIs('1.8.0_402'), javaThatIs('21.0.2')];

    expect(findJava({ JAVA_HOME: fresh, PATH: path.join(old, 'bin') })).toBe(path.join(fresh, 'bin', 'java'));
    expect(findJava({ JAVA_HOME: old, PATH: path.join(fresh, 'bin') })).toBe('java');
  });

  it.each(['1.8.0_402', '11.0.2'])('is none of version %s', (version) => {
    expect(findJava({ PATH: path.join(javaThatIs(version), 'bin') })).toBeUndefined();
  });

  it('is none where there is none', () => {
    expect(findJava({ PATH: folder })).toBeUndefined();
  });
});
