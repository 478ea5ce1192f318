import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { lineText, readLines } from '../../../../bin/warren/publish/read-lines.ts';

async function linesOf(chunks: readonly Uint8Array[], most = 1000) {
  const lines: [number, string, number][] = [];
  for await (const line of readLines(Readable.from(chunks), most)) {
    lines.push([line.number, lineText(line), line.bytesRead]);
  }
  return lines;
}

describe('the lines of an input', () => {
  it('are the same however it comes in pieces; empty ones count and are left out', async () => {
    const text = fc.array(fc.constantFrom('', ' ', 'a', '支付', '{"n": 1}'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(60)),
        async (lines, ending, isEnded, cuts) => {
          const bytes = Buffer.from(lines.map((line) => line + ending).join('') + (isEnded ? '' : 'last'));
          const places = [
            0,
            ...cuts.filter((cut) => cut < bytes.length).sort((one, other) => one - other),
            bytes.length,
          ];
          const chunks = places.slice(1).map((end, at) => bytes.subarray(places[at], end));

          const all = isEnded ? lines : [...lines, 'last'];
          const expected = all.flatMap((line, at) => (line.trim() === '' ? [] : [[at + 1, line]]));
          expect((await linesOf(chunks)).map(([number, line]) => [number, line])).toEqual(expected);
        },
      ),
    );
  });

  it('know how much of the input they are', async () => {
    expect(await linesOf([Buffer.from('a\r\n\nbc')])).toEqual([
      [1, 'a', 3],
      [3, 'bc', 6],
    ]);
  });

  it('are not waited for without end', async () => {
    await expect(linesOf([Buffer.from(`a\n${'x'.repeat(600)}`), Buffer.from('x'.repeat(600))])).rejects.toMatchObject({
      name: 'EndlessLineError',
      line: 2,
    });
  });
});
