import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const oldest = 17;

/** The command of a Java that is new enough: that of JAVA_HOME, else the first on the PATH. Undefined where there is none. */
export function findJava(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const home = environment['JAVA_HOME'];
  const commands = [...(home ? [join(home, 'bin', 'java')] : []), 'java'];
  return commands.find((command) => (majorVersion(command, environment) ?? 0) >= oldest);
}

function majorVersion(command: string, env: NodeJS.ProcessEnv): number | undefined {
  // It prints to stderr, `openjdk version "17.0.15" 2025-04-15`; before Java 9 it was "1.8.0_402".
  const { status, stderr } = spawnSync(command, ['-version'], { encoding: 'utf8', env });
  const [, major] = (status === 0 && / version "(\d+)/.exec(stderr)) || [];
  return major === undefined ? undefined : Number(major);
}
