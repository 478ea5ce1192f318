import type { Graph, GraphEdge, GraphNode } from './graph-model.ts';

/** Mermaid's flowchart; texts are quoted, and what could end the quotes is an entity. */
export function toMermaid({ nodes, edges }: Graph): string {
  const lines = [
    'flowchart LR',
    ...nodes.map((node) => `  ${shapeOf(node)}`),
    ...edges.map((edge) => `  ${arrowOf(edge)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function shapeOf({ id, kind, name, type, vhost }: GraphNode): string {
  const text = quoted(`${vhost === '/' ? '' : `${vhost}: `}${name}\n${type}`);
  switch (kind) {
    case 'exchange':
      return `${id}{{${text}}}`;
    case 'queue':
      return `${id}[(${text})]`;
    case 'delay':
      return `${id}([${text}])`;
    case 'left-out':
    case 'missing':
      return `${id}>${text}]`;
    default:
      throw new Error(`no shape for ${kind satisfies never}`);
  }
}

function arrowOf({ from, to, kind, label }: GraphEdge): string {
  const arrow = { binding: '-->', alternate: '-.->', 'dead-letter': '==>' }[kind];
  return label === '' ? `${from} ${arrow} ${to}` : `${from} ${arrow}|${quoted(label)}| ${to}`;
}

function quoted(text: string): string {
  const escaped = text.replaceAll(/[&"<>#;`|\\{}[\]()*_~]/g, (character) => `#${character.codePointAt(0)};`);
  return `"${escaped.replaceAll('\n', '<br/>')}"`;
}
