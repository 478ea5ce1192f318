import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fetchJars, jarsIn } from '../../../local/backends/jars.ts';

const bytes = Buffer.from('a jar');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const jar = { sha256, path: 'test/warren/a/1/a-1.jar' };

let server: Server;
let folder: string;
let asked: string[];
let answer: Buffer;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'warren-jars-'));
  asked = [];
  answer = bytes;
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(url.endsWith('missing.jar') ? 404 : 200).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

function fetchFrom(...jars: { sha256: string; path: string }[]): Promise<void> {
  const { port } = server.address() as AddressInfo;
  return fetchJars(jars, folder, { repository: `http://127.0.0.1:${port}/maven2/`, note: () => {} });
}

describe('jars', () => {
  it('are listed with their checksums', () => {
    expect(jarsIn(`# a comment\n${sha256}  ${jar.path}\n`)).toEqual([jar]);
  });

  it('come from the repository once', async () => {
    await fetchFrom(jar);
    await fetchFrom(jar);

    expect(asked).toEqual(['/maven2/test/warren/a/1/a-1.jar']);
    expect(readFileSync(path.join(folder, 'a-1.jar'))).toEqual(bytes);
  });

  it('that are not the ones of the list are refused, and not kept', async () => {
    answer = Buffer.from('another jar');

    await expect(fetchFrom(jar)).rejects.toThrow(`has not the checksum ${sha256}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that are not there are named', async () => {
    await expect(fetchFrom({ ...jar, path: 'test/missing.jar' })).rejects.toThrow(
      '/maven2/test/missing.jar answers 404',
    );
  });
});
