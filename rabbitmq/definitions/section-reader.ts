import type { z } from 'zod';
import type { DeclaredPolicy, Definitions } from './definitions.ts';
import type { Problem } from './finding.ts';
import type { Path } from './json-document.ts';
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
import { unknownField, wrongShape } from './shape-problems.ts';

/** Reads the sections that declare something; what has not the shape it should have becomes a problem, and the rest is read on. */
export class SectionReader {
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
    return {
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
}

function pick(value: { name: string; vhost?: string | undefined }, path: Path, vhost: string) {
  return { path, name: value.name, vhost: value.vhost ?? vhost };
}
