import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Sent } from '../../../../bin/warren/events/send-event.ts';
import { NothingDeployedForEventError } from '../../../../bin/warren/events/test-events.ts';
import { runWarren } from '../../../../bin/warren/program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'warren-events-'));
mkdirSync(path.join(folder, 'loyalty'));
for (const name of ['first', 'points-item']) writeFileSync(path.join(folder, 'loyalty', `${name}.json`), '{}');
afterAll(() => rmSync(folder, { recursive: true }));

const answered: Sent = { kind: 'function', name: 'fn', answer: { batchItemFailures: [] }, failed: false };

/** `warren events send …` to a stage whose function says this; what was sent. */
async function send(args: readonly string[], sent: Sent | Error = answered) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const read = Promise.all([text(out), text(err)]);
  const refuse = async () => {
    throw new Error('Not implemented');
  };
  const events: string[] = [];
  const sendTo = async (event: string) => {
    events.push(event);
    if (sent instanceof Error) throw sent;
    return sent;
  };
  const io = { stdin: Readable.from([]), stdout: out, stderr: err };
  const status = await runWarren(['events', 'send', ...args], io, {
    publishing: refuse,
    operating: refuse,
    sending: async () => ({ folder, reach: async () => sendTo }),
  });
  out.end();
  err.end();
  const [stdout, stderr] = await read;
  return { status, stdout, stderr, events };
}

describe('warren events send', () => {
  it.each(['loyalty/first', 'events/loyalty/first.json'])('sends %s and shows the answer', async (name) => {
    const { status, stdout, events } = await send([name, '--stage', 'dev']);

    expect({ status, events }).toEqual({ status: 0, events: ['loyalty/first'] });
    expect(JSON.parse(stdout)).toEqual({ batchItemFailures: [] });
  });

  it('is not fine when the function failed', async () => {
    const { status, stdout } = await send(['loyalty/first', '--stage', 'dev', '--json'], { ...answered, failed: true });

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ event: 'loyalty/first', failed: true });
  });

  it('says which table an item went to', async () => {
    const { stdout } = await send(['loyalty/points-item', '--stage', 'dev'], { kind: 'table', name: 'Loyalty' });

    expect(stdout).toBe('The item is in the table Loyalty.\n');
  });

  it('asks before it does so in prod, and needs --yes where nobody can be asked', async () => {
    const asked = await send(['loyalty/first', '--stage', 'prod']);
    expect({ status: asked.status, events: asked.events }).toEqual({ status: 2, events: [] });
    expect(asked.stderr).toContain('--yes');

    expect(await send(['loyalty/first', '--stage', 'prod', '--yes'])).toMatchObject({ events: ['loyalty/first'] });
  });

  it.each<[string, string, Sent | Error, RegExp]>([
    ['there is no such event', 'loyalty/frist', answered, /Did you mean loyalty\/first/],
    [
      'its function is not deployed',
      'loyalty/first',
      new NothingDeployedForEventError('loyalty/first', 'LoyaltyFunction', { OrdersFunction: 'fn' }),
      /stack output LoyaltyFunction, which is not deployed\. There are: OrdersFunction/,
    ],
  ])('is refused when %s', async (_, name, sent, reason) => {
    const { status, stderr } = await send([name, '--stage', 'dev'], sent);

    expect(status).toBe(2);
    expect(stderr).toMatch(reason);
  });
});
