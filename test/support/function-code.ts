import path from 'node:path';
import { GetFunctionCommand, type LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { unzipSync, zipSync } from 'fflate';

/** The zip a function runs now. */
export async function deployedCode(lambda: LambdaClient, functionName: string): Promise<Uint8Array> {
  const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
  if (!Code?.Location) throw new Error(`${functionName} has no code to fetch`);
  const response = await fetch(Code.Location);
  return new Uint8Array(await response.arrayBuffer());
}

export async function replaceCode(lambda: LambdaClient, functionName: string, zip: Uint8Array): Promise<void> {
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: functionName, ZipFile: zip }));
}

/** The same package with another file of JSON in it. */
export function withJson(zip: Uint8Array, file: string, content: unknown): Uint8Array {
  return zipSync({ ...unzipSync(zip), [file]: Buffer.from(JSON.stringify(content)) });
}

/** Another entry, by its path from here, in the same package: the topology and whatever else lies beside the code stays. */
export async function withEntry(zip: Uint8Array, entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [path.resolve(import.meta.dirname, entry)],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    write: false,
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`${entry} bundles to nothing`);
  return zipSync({ ...unzipSync(zip), 'index.mjs': bundle.contents });
}
