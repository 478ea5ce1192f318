import type { z } from 'zod';
import type { DeclaredPolicy, Definitions } from './definitions.ts';
import type { Finding, Problem } from './finding.ts';
import { InvalidJsonError } from './invalid-json-error.ts';
import { formatPath, type JsonDocument, type Path, parseJsonDocument } from './json-document.ts';
import {
  bindingShape,
  exchangeShape,
  operatorPolicyShape,
  parameterShape,
  policyShape,
  queueShape,
  unknownFields,
  vhostShape,
} from './object-shapes.ts';
import { checkParameter } from './parameters.ts';
import { checkPermissions, checkSections } from './sections.ts';

export interface ReadDefinitions {
  /** What could be read; empty when the document is no JSON object. */
  readonly definitions: Definitions;
  readonly problems: readonly Problem[];
  /** Gives a problem its place in the text. */
  readonly locate: (problem: Problem) => Finding;
}

const nothing: Definitions = {
  vhosts: [],
  exchanges: [],
  queues: [],
  bindings: [],
  policies: [],
  operatorPolicies: [],
};

/**
 * Reads RabbitMQ's definitions: an export of a cluster or of one vhost, or written by hand. Never throws: whatever is wrong
 * is a problem with a place. Objects without a vhost belong to `vhost` when no object has one.
 */
export function readDefinitions(source: Uint8Array | string, vhost = '/'): ReadDefinitions {
  let document: JsonDocument;
  try {
    document = parseJsonDocument(source);
  } catch (error) {
    if (!(error instanceof InvalidJsonError)) throw error;
    return {
      definitions: nothing,
      problems: [invalidJson(error)],
      locate: (problem) => place(problem, error.position),
    };
  }
  const locate = (problem: Problem): Finding => place(problem, document.positionOf(problem.path));
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { definitions: nothing, problems: [wrongShape([], 'is not an object')], locate };
  }
  const sections = { ...value };
  const problems: Problem[] = [
    ...document.hiddenMembers.map(hiddenMember),
    ...checkSections(sections),
    ...checkPermissions(sections),
  ];
  return { definitions: new SectionReader(sections, problems, vhost).read(), problems, locate };
}

class SectionReader {
  private readonly sections: Readonly<Record<string, unknown>>;
  private readonly problems: Problem[];
  private readonly vhost: string;

  constructor(sections: Readonly<Record<string, unknown>>, problems: Problem[], vhost: string) {
    this.sections = sections;
    this.problems = problems;
    this.vhost = vhost;
  }

  read(): Definitions {
    const parameters = this.objects('parameters', parameterShape);
    const vhosts = this.objects('vhosts', vhostShape).map(({ path, value }) => ({
      path,
      name: value.name,
      defaultQueueType: value.metadata?.default_queue_type ?? undefined,
    }));
    const definitions = {
      brokerVersion: this.version(),
      vhosts,
      exchanges: this.objects('exchanges', exchangeShape).map(({ path, value }) => ({
        ...pick(value, path, this.vhost),
        type: value.type,
        durable: value.durable,
        autoDelete: value.auto_delete,
        internal: value.internal,
        arguments: value.arguments,
      })),
      queues: this.objects('queues', queueShape).map(({ path, value }) => ({
        ...pick(value, path, this.vhost),
        type: value.type,
        durable: value.durable,
        autoDelete: value.auto_delete,
        arguments: value.arguments,
      })),
      bindings: this.objects('bindings', bindingShape).map(({ path, value }) => ({
        path,
        vhost: value.vhost ?? this.vhost,
        source: value.source,
        destination: value.destination,
        destinationType: value.destination_type,
        bindingKey: value.routing_key,
        arguments: value.arguments,
      })),
      policies: this.objects('policies', policyShape).map(({ path, value }) => this.policy(value, value, path)),
      operatorPolicies: parameters.flatMap(({ path, value }) => this.parameter(value, path)),
    };
    this.checkVhosts(vhosts.length > 0);
    return definitions;
  }

  private version(): string | undefined {
    const { rabbit_version: rabbit, rabbitmq_version: rabbitmq, product_version: product } = this.sections;
    return [rabbitmq, rabbit, product].find((version) => typeof version === 'string');
  }

  /** Every object of the section that has the shape; what has not is a problem. */
  private objects<Shape extends z.ZodType>(section: string, shape: Shape): { path: Path; value: z.output<Shape> }[] {
    const values = this.sections[section];
    if (values === undefined) return [];
    if (!Array.isArray(values)) {
      this.problems.push(wrongShape([section], 'is not a list'));
      return [];
    }
    return values.flatMap((value: unknown, at) => {
      const path = [section, at];
      const parsed = shape.safeParse(value);
      if (!parsed.success) {
        this.problems.push(...parsed.error.issues.map((issue) => wrongShape([...path, ...issue.path], issue.message)));
        return [];
      }
      for (const field of unknownFields(section, Object(value))) this.problems.push(unknownField([...path, field]));
      return [{ path, value: parsed.data }];
    });
  }

  private policy(
    { name, vhost }: { name: string; vhost?: string | undefined },
    value: z.output<typeof operatorPolicyShape>,
    path: Path,
    operator?: { readonly definitionPath: Path },
  ): DeclaredPolicy {
    return {
      ...pick({ name, vhost }, path, this.vhost),
      kind: operator ? 'operator policy' : 'policy',
      pattern: value.pattern,
      applyTo: value['apply-to'],
      priority: value.priority,
      definition: value.definition,
      definitionPath: operator?.definitionPath ?? [...path, 'definition'],
    };
  }

  /** An operator policy is a parameter of that component; other components are only judged. */
  private parameter({ component, value, ...named }: z.output<typeof parameterShape>, path: Path): DeclaredPolicy[] {
    if (component !== 'operator_policy') {
      this.problems.push(checkParameter(component, path));
      return [];
    }
    const parsed = operatorPolicyShape.safeParse(value);
    if (parsed.success) {
      return [this.policy(named, parsed.data, path, { definitionPath: [...path, 'value', 'definition'] })];
    }
    const issues = parsed.error.issues;
    this.problems.push(...issues.map((issue) => wrongShape([...path, 'value', ...issue.path], issue.message)));
    return [];
  }

  /** A cluster-wide import refuses an object without a vhost (rule 4.9.10); where none has one, it is an export of one vhost. */
  private checkVhosts(hasVhosts: boolean): void {
    const objects = ['exchanges', 'queues', 'bindings', 'policies'].flatMap((section) => {
      const values = this.sections[section];
      return Array.isArray(values) ? values.map((value: unknown, at) => ({ path: [section, at], value })) : [];
    });
    const without = objects.filter(({ value }) => typeof value === 'object' && value !== null && !('vhost' in value));
    const [first] = without;
    if (!first) return;
    if (!hasVhosts && without.length === objects.length) {
      this.problems.push({
        class: 'compatible',
        code: 'single-vhost',
        path: first.path,
        message: `no object names a vhost: all are read as vhost '${this.vhost}', as an import into it would.`,
        fix: 'none.',
      });
      return;
    }
    for (const { path } of without) {
      this.problems.push({
        class: 'blocking',
        code: 'object-without-vhost',
        path,
        message:
          'names no vhost, though others do: RabbitMQ refuses such an object in an import of a cluster (rule 4.9.10).',
        fix: `add "vhost": "${this.vhost}".`,
      });
    }
  }
}

function pick(value: { name: string; vhost?: string | undefined }, path: Path, vhost: string) {
  return { path, name: value.name, vhost: value.vhost ?? vhost };
}

function invalidJson({ message }: InvalidJsonError): Problem {
  const fix = 'correct the file, or export it again with `rabbitmqctl export_definitions`.';
  return { class: 'blocking', code: 'invalid-json', path: [], message: `${message}.`, fix };
}

function hiddenMember(path: Path): Problem {
  const message = 'stands twice in its object: RabbitMQ takes the last one.';
  return { class: 'warning', code: 'duplicate-key', path, message, fix: 'keep one of them.' };
}

function wrongShape(path: Path, message: string): Problem {
  return { class: 'blocking', code: 'wrong-shape', path, message: `${message}.`, fix: 'change the value.' };
}

function unknownField(path: Path): Problem {
  const message = 'is not a field RabbitMQ exports: deploying without it could change what happens to a message.';
  return { class: 'unknown', code: 'unknown-key', path, message, fix: 'remove it.' };
}

function place({ path, ...problem }: Problem, { line, column }: { line: number; column: number }): Finding {
  return { ...problem, path: formatPath(path), line, column };
}
