import { compileTopology } from './compile/compile-topology.ts';
import { firstDeclarations } from './compile/first-declarations.ts';
import { type LeftOut, leftOutOf, withWholeBindings } from './compile/left-out.ts';
import { type Finding, findingClasses, type Problem } from './definitions/finding.ts';
import { readDefinitions } from './definitions/read-definitions.ts';
import { type Dialect, defaultDialect, dialectOfVersion } from './dialect.ts';
import { lint } from './lints/lint.ts';
import { createModel } from './lints/model.ts';
import { delayFindings } from './plan/delay-findings.ts';
import { type Delay, delaysOf } from './plan/delays.ts';
import { planFindings } from './plan/plan-findings.ts';
import { type Plan, type PlanOptions, planTopology } from './plan/plan-topology.ts';
import type { Topology } from './topology.ts';

/** Without plan options, names begin with `warren` and an unlimited queue gets 10 receives. */
export interface AnalyseOptions extends Partial<PlanOptions> {
  /** Default: 4.3. */
  readonly dialect?: Dialect | undefined;
  /** Of objects in a file where none names a vhost. Default: `/`. */
  readonly vhost?: string | undefined;
}

export interface Analysis {
  /** What can be deployed of the definitions; all of them when no finding stops a deployment. */
  readonly topology: Topology;
  /** What is declared and not in it. */
  readonly leftOut: LeftOut;
  readonly plan: Plan;
  /** The plan's delay queues, and what speaks against it. */
  readonly delays: readonly Delay[];
  /** The worst first, each class in the order of the document. */
  readonly findings: readonly Finding[];
}

/**
 * From RabbitMQ's `definitions.json` to what is deployed and everything there is to say about it. Never throws: whatever is
 * wrong with the bytes is a finding with line and column.
 */
export function analyse(source: Uint8Array | string, options: AnalyseOptions = {}): Analysis {
  const { dialect = defaultDialect, vhost } = options;
  const planOptions = { namePrefix: 'warren', unlimitedMaxReceiveCount: 10, ...options };
  const { definitions: declared, problems, locate } = readDefinitions(source, vhost);
  const { definitions, problems: repeated } = firstDeclarations(declared);
  const compiled = compileTopology(definitions, dialect);
  const plan = planTopology(withWholeBindings(compiled.topology), planOptions);
  const model = createModel(definitions, compiled.topology);
  const delays = delaysOf(plan, model);
  const all = [
    ...problems,
    ...repeated,
    ...otherDialect(definitions.brokerVersion, dialect),
    ...compiled.problems,
    ...lint(model),
    ...delayFindings(delays, model),
    ...planFindings(plan, planOptions, model),
  ];
  return {
    topology: plan.topology,
    leftOut: leftOutOf(definitions, plan.topology),
    plan,
    delays,
    findings: all.map(locate).sort(byClassAndPlace),
  };
}

function byClassAndPlace(one: Finding, other: Finding): number {
  const rank = (finding: Finding): number => findingClasses.indexOf(finding.class);
  return rank(one) - rank(other) || one.line - other.line || one.column - other.column;
}

function otherDialect(version: string | undefined, dialect: Dialect): Problem[] {
  const spoken = version === undefined ? undefined : dialectOfVersion(version);
  if (!spoken || spoken === dialect) return [];
  return [
    {
      class: 'warning',
      code: 'other-dialect',
      path: ['rabbit_version'],
      message: `was exported by RabbitMQ ${version}, which is dialect ${spoken}; it is read as ${dialect}.`,
      fix: `choose the dialect ${spoken} (--dialect ${spoken}; for synth and deploy -c dialect=${spoken}), or keep ${dialect} when the move is an upgrade too.`,
    },
  ];
}
