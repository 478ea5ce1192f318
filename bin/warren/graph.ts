import { instance } from '@viz-js/viz';
import type { CommonOptions } from './definitions-commands.ts';
import { analyseFile, refused } from './definitions-file.ts';
import { toDot } from './graph-dot.ts';
import { toMermaid } from './graph-mermaid.ts';
import { graphOf } from './graph-model.ts';
import { type ExitStatus, type Io, printJson, UsageError } from './io.ts';

export const graphFormats = ['mermaid', 'dot', 'svg'] as const;

export interface GraphOptions extends CommonOptions {
  readonly anyway: boolean;
  readonly format: (typeof graphFormats)[number];
}

/** `warren graph FILE`; SVG is drawn by Graphviz compiled to WebAssembly. */
export async function graph(file: string, options: GraphOptions, io: Io): Promise<ExitStatus> {
  const { json, format } = options;
  const analysis = analyseFile(file, options);
  const stop = refused(file, analysis, io, options);
  if (stop !== undefined) return stop;
  const model = graphOf(analysis.topology, analysis.leftOut);
  if (json) {
    printJson(io, model);
  } else if (format === 'mermaid') {
    io.stdout.write(toMermaid(model));
  } else {
    const dot = toDot(model);
    io.stdout.write(format === 'dot' ? dot : await toSvg(dot, model.nodes.length));
  }
  return 0;
}

async function toSvg(dot: string, nodes: number): Promise<string> {
  try {
    return (await instance()).renderString(dot, { format: 'svg' });
  } catch {
    throw new UsageError(
      `${nodes} exchanges and queues are too many to draw: write --format dot and draw a part of it`,
    );
  }
}
