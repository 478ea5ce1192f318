import type { Graph, GraphEdge, GraphNode } from './graph-model.ts';

/** Graphviz's language. */
export function toDot({ nodes, edges }: Graph): string {
  const lines = [
    'digraph topology {',
    '  rankdir=LR; node [fontname="Helvetica", fontsize=11]; edge [fontname="Helvetica", fontsize=9];',
    ...nodes.map((node) => `  ${nodeOf(node)}`),
    ...edges.map((edge) => `  ${edgeOf(edge)}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const shapes: Readonly<Record<GraphNode['kind'], string>> = {
  exchange: 'shape=hexagon, style=filled, fillcolor="#dbeafe"',
  queue: 'shape=cylinder, style=filled, fillcolor="#dcfce7"',
  delay: 'shape=box, style="rounded,dashed"',
  'left-out': 'shape=box, style=dotted',
  missing: 'shape=box, style=dotted, color=red',
};

const styles: Readonly<Record<GraphEdge['kind'], string>> = {
  binding: 'style=solid',
  alternate: 'style=dashed',
  'dead-letter': 'style=bold, color="#b91c1c"',
};

function nodeOf({ id, kind, name, type, vhost }: GraphNode): string {
  return `${id} [label=${quoted(`${vhost === '/' ? '' : `${vhost}: `}${name}\n${type}`)}, ${shapes[kind]}];`;
}

function edgeOf({ from, to, kind, label }: GraphEdge): string {
  return `${from} -> ${to} [label=${quoted(label)}, ${styles[kind]}];`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
