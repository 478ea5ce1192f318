import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Roles } from '../../../../lib/consumers.ts';
import { RefusedError } from '../../../../local/new-consumer/errors.ts';
import { findQueue } from '../../../../local/new-consumer/find-queue.ts';

const project = mkdtempSync(path.join(tmpdir(), 'warren-find-queue-'));
mkdirSync(path.join(project, 'topology'));
afterAll(() => rmSync(project, { recursive: true }));

const wait = { 'x-message-ttl': 5000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' };
const definitions = {
  vhosts: [{ name: '/' }, { name: 'shop' }],
  queues: [
    { vhost: '/', name: 'work', durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 3 } },
    { vhost: '/', name: 'wait', durable: true, arguments: wait },
    { vhost: 'shop', name: 'mail', durable: true, arguments: {} },
  ],
};

const noRoles: Roles = { consumers: {}, consumedElsewhere: [], watchedByOnCall: [] };

function find(name: string, { vhost = '/', roles = noRoles, text = JSON.stringify(definitions) } = {}) {
  writeFileSync(path.join(project, 'topology/definitions.json'), text);
  return findQueue(project, { vhost, name }, { roles, unlimitedMaxReceiveCount: 10 });
}

describe('the queue of a new consumer', () => {
  it('is planned as one whose consumer counts failures', () => {
    expect(find('work')).toMatchObject({ wasDelay: false, plan: { deliveryLimit: 3, maxReceiveCount: 8 } });
  });

  it('may be of another vhost, if that is said', () => {
    expect(find('mail', { vhost: 'shop' }).plan.queue).toMatchObject({ vhost: 'shop', name: 'mail' });
    expect(() => find('mail')).toThrow("declares no queue 'mail': did you mean 'mail' in vhost 'shop', ");
  });

  it('may have been a delay: nobody else consumed it', () => {
    expect(find('wait')).toMatchObject({ wasDelay: true, plan: { queue: { name: 'wait' } } });
  });

  it.each([
    ['that is not there', 'worc', noRoles, "did you mean 'work', "],
    ['that has a consumer', 'work', { ...noRoles, consumers: { worker: { queue: 'work' } } }, 'lambdas/worker'],
    ['that is consumed elsewhere', 'work', { ...noRoles, consumedElsewhere: [{ queue: 'work' }] }, 'consumedElsewhere'],
  ])('is refused as a wrong command, one %s', (_, name, roles, reason) => {
    expect(() => find(name, { roles })).toThrow(reason);
    expect(() => find(name, { roles })).toThrow(expect.objectContaining({ status: 2 }));
  });

  it.each([
    ['that are no JSON', '{"queues": [', /1:\d+/],
    [
      'that cannot be deployed',
      '{"queues": [{"vhost": "/", "name": "q", "arguments": {"x-queue-type": "none"}}]}',
      /q/,
    ],
  ])('is not looked for in definitions %s', (_, text, reason) => {
    expect(() => find('q', { text })).toThrow(RefusedError);
    expect(() => find('q', { text })).toThrow(reason);
    expect(() => find('q', { text })).toThrow(expect.objectContaining({ status: 1 }));
  });
});
