import { definitionsFile, shop, warren } from './run-warren.ts';

describe('warren graph', () => {
  it('draws Mermaid: exchanges, queues, delays, alternate and dead-letter ways', async () => {
    const { status, stdout } = await warren(['graph', definitionsFile(shop)]);

    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'flowchart LR',
      '  n0{{"orders<br/>topic"}}',
      '  n1{{"unrouted<br/>fanout"}}',
      '  n2{{"late<br/>direct"}}',
      '  n3[("work<br/>quorum")]',
      '  n4[("rest<br/>classic")]',
      '  n5(["wait<br/>classic"])',
      '  n0 -->|"order.#35;"| n3',
      '  n0 -->|"order.later"| n5',
      '  n1 --> n4',
      '  n2 -->|"work"| n3',
      '  n0 -.->|"alternate"| n1',
      '  n5 ==>|"dead letters: work"| n2',
      '',
    ]);
  });

  it('draws SVG, whatever the names hold', async () => {
    const name = 'a"b\\n<script>&{}|;#日';
    const { status, stdout } = await warren(['graph', definitionsFile({ queues: [{ name }] }), '--format', 'svg']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^<\?xml[\s\S]*<svg[\s\S]*<\/svg>\s*$/);
    expect(stdout).not.toContain('<script>');
    expect(stdout).toContain('日');
  });

  it('prints nodes and edges for machines', async () => {
    const { json } = await warren(['graph', definitionsFile(shop), '--json']);

    expect(json()).toMatchObject({ nodes: { length: 6 }, edges: { length: 6 } });
  });
});

describe('a queue that dead-letters to the default exchange', () => {
  it.each(['mermaid', 'dot', 'svg'])('is drawn with an edge to it: %s', async (format) => {
    const file = definitionsFile({
      queues: [
        { name: 'wait', vhost: '/', arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'b' } },
      ],
    });

    const { status, stdout } = await warren(['graph', file, '--format', format]);
    const { json } = await warren(['graph', file, '--json']);

    expect(status).toBe(0);
    expect(stdout).toContain('default exchange');
    const { nodes, edges } = json() as { nodes: { id: string }[]; edges: { from: string; to: string }[] };
    const ids = nodes.map(({ id }) => id);
    expect(edges).toHaveLength(1);
    for (const { from, to } of edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
  });
});
