import { definitionsFile, warren } from './run-warren.ts';

/** An operator's shop: one of its queues is a stream, one is bound and declared nowhere, one exchange only a plugin evaluates. */
const halfUnderstood = {
  exchanges: [
    { name: 'orders', type: 'topic', arguments: { 'alternate-exchange': 'selected' } },
    { name: 'selected', type: 'x-jms-topic' },
    { name: 'nowhere', type: 'topic', arguments: { 'alternate-exchange': 'gone' } },
  ],
  queues: [{ name: 'shop.orders' }, { name: 'shop.audit', arguments: { 'x-queue-type': 'stream' } }],
  bindings: [
    { source: 'orders', destination: 'shop.orders', destination_type: 'queue', routing_key: 'order.#' },
    { source: 'orders', destination: 'shop.audit', destination_type: 'queue', routing_key: '#' },
    { source: 'orders', destination: 'shop.shipping', destination_type: 'queue', routing_key: 'order.paid' },
    { source: 'orders', destination: 'selected', destination_type: 'exchange', routing_key: 'order.#' },
    { source: 'selected', destination: 'shop.orders', destination_type: 'queue', routing_key: '' },
  ],
};
const anyway = (command: string, ...args: string[]) =>
  warren([command, definitionsFile(halfUnderstood), '--anyway', ...args]);

describe('what is answered about anyway', () => {
  it('leaves out the queues that are not deployed or not declared: explain', async () => {
    const { status, stdout, stderr } = await anyway('explain', '-e', 'orders', '-k', 'order.paid');

    expect(status).toBe(0);
    expect(stdout).toMatch(/\n1 queue gets it: shop\.orders\n$/);
    expect(stdout).not.toMatch(/audit|shipping/);
    expect(stderr).toContain("without what they are about (exchange 'selected', queue 'shop.audit').");
  });

  it('leaves them out: route', async () => {
    const stdin = ['orders', ''].map((exchange) => JSON.stringify({ exchange, routingKey: 'shop.audit' })).join('\n');
    const { stdout } = await warren(['route', definitionsFile(halfUnderstood), '--anyway'], { stdin });

    expect(stdout).toBe('{"queues":[],"returned":false}\n'.repeat(2));
  });

  it('leaves them out: graph, which tells what is left out from what is declared nowhere', async () => {
    const { nodes } = (await anyway('graph', '--json')).json() as { nodes: { kind: string; name: string }[] };

    expect(nodes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'exchange orders',
      'exchange nowhere',
      'queue shop.orders',
      'left-out selected',
      'missing gone',
    ]);
  });

  it.each(['mermaid', 'dot', 'svg'])('is drawn with what is left out: graph -f %s', async (format) => {
    expect((await anyway('graph', '-f', format)).stdout).toContain('left out');
  });

  it('says that the alternate exchange is left out, where a message would go on to it', async () => {
    const { stdout } = await anyway('explain', '-e', 'orders', '-k', 'refund');

    expect(stdout).toContain('alternate exchange selected: declared, but left out here');
  });

  it('is nothing about an exchange that is left out, not that there is none', async () => {
    const explained = await anyway('explain', '-e', 'selected');
    const stdin = '{"exchange":"selected"}';
    const routed = await warren(['route', definitionsFile(halfUnderstood), '--anyway'], { stdin });

    expect(explained).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("'selected' is declared, but left out"),
    });
    expect(routed.json()).toMatchObject({ error: { code: 'left-out' } });
  });
});
