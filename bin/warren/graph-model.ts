import type { LeftOut } from '../../rabbitmq/compile/left-out.ts';
import { type Binding, defaultExchange, predeclaredExchanges, type Topology } from '../../rabbitmq/topology.ts';
import { isLeftOut } from './left-out.ts';

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** Safe in every format: a letter and a number. */
  readonly id: string;
  /** `left-out`: declared, but it cannot be deployed. `missing`: named, and declared nowhere. */
  readonly kind: 'exchange' | 'queue' | 'delay' | 'left-out' | 'missing';
  readonly vhost: string;
  readonly name: string;
  /** Type of the exchange or queue. */
  readonly type: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'binding' | 'alternate' | 'dead-letter';
  readonly label: string;
}

type Kind = 'exchange' | 'queue';

/** Exchanges and queues, and every way a message can take between them; the default exchange only where something names it. */
export function graphOf(topology: Topology, leftOut: LeftOut): Graph {
  const nodes = new Map<string, GraphNode>();
  /** `name` is the object's own; what the node shows may be another. */
  const add = (of: Kind, node: Omit<GraphNode, 'id'>, name = node.name): void => {
    nodes.set(keyOf(of, node.vhost, name), { id: `n${nodes.size}`, ...node });
  };
  for (const { vhost, name, type, delayed } of topology.exchanges) {
    add('exchange', { kind: 'exchange', vhost, name, type: delayed ? `delayed ${type}` : type });
  }
  for (const { vhost, name, type, delayQueue } of topology.queues) {
    add('queue', { kind: delayQueue ? 'delay' : 'queue', vhost, name, type });
  }
  const idOf = (of: Kind, vhost: string, name: string): string => {
    if (!nodes.has(keyOf(of, vhost, name))) add(of, undeclared(of, vhost, name, leftOut), name);
    return nodes.get(keyOf(of, vhost, name))?.id ?? '';
  };
  const edges: GraphEdge[] = [
    ...topology.bindings.map(
      (binding): GraphEdge => ({
        from: idOf('exchange', binding.vhost, binding.source),
        to: idOf(binding.destinationType, binding.vhost, binding.destination),
        kind: 'binding',
        label: labelOf(binding),
      }),
    ),
    ...topology.exchanges.flatMap(({ vhost, name, alternateExchange }): GraphEdge[] =>
      alternateExchange === undefined
        ? []
        : [
            {
              from: idOf('exchange', vhost, name),
              to: idOf('exchange', vhost, alternateExchange),
              kind: 'alternate',
              label: 'alternate',
            },
          ],
    ),
    ...topology.queues.flatMap(({ vhost, name, deadLetterExchange, deadLetterRoutingKey }): GraphEdge[] =>
      deadLetterExchange === undefined
        ? []
        : [
            {
              from: idOf('queue', vhost, name),
              to: idOf('exchange', vhost, deadLetterExchange),
              kind: 'dead-letter',
              label: deadLetterRoutingKey === undefined ? 'dead letters' : `dead letters: ${deadLetterRoutingKey}`,
            },
          ],
    ),
  ];
  return { nodes: [...nodes.values()], edges };
}

function undeclared(of: Kind, vhost: string, name: string, leftOut: LeftOut): Omit<GraphNode, 'id'> {
  if (of === 'exchange' && isLeftOut(leftOut, vhost, name)) return { kind: 'left-out', vhost, name, type: 'left out' };
  const predeclared = of === 'exchange' ? predeclaredExchanges.find((one) => one.name === name) : undefined;
  if (!predeclared) return { kind: 'missing', vhost, name, type: 'missing' };
  return {
    kind: 'exchange',
    vhost,
    name: name === defaultExchange ? '(default exchange)' : name,
    type: predeclared.type,
  };
}

function labelOf({ bindingKey, arguments: table }: Binding): string {
  return table ? `${bindingKey} ${JSON.stringify(table)}`.trim() : bindingKey;
}

function keyOf(of: Kind, vhost: string, name: string): string {
  return JSON.stringify([of, vhost, name]);
}
