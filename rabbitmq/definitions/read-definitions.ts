import type { z } from 'zod';
import { defaultDialect } from '../dialect.ts';
import { isPredeclared, type Topology } from '../topology.ts';
import { checkReferences, type Problem } from './check-references.ts';
import type { Finding } from './finding.ts';
import { formatPath, InvalidJsonError, type JsonDocument, type Position, parseJsonDocument } from './json-document.ts';
import { type Definitions, definitionsSchema } from './schema.ts';

export interface ReadDefinitions {
  /** Empty when a finding stops the deployment before the objects could be read. */
  readonly topology: Topology;
  readonly findings: readonly Finding[];
}

/** Reads RabbitMQ's export format. Never throws: what is wrong with the document is a finding with line and column. */
export function readDefinitions(text: string): ReadDefinitions {
  const empty: Topology = { dialect: defaultDialect, exchanges: [], queues: [], bindings: [] };
  let document: JsonDocument;
  try {
    document = parseJsonDocument(text);
  } catch (error) {
    if (!(error instanceof InvalidJsonError)) throw error;
    return { topology: empty, findings: [invalidJson(error)] };
  }

  const parsed = definitionsSchema.safeParse(document.value);
  if (!parsed.success) {
    return { topology: empty, findings: parsed.error.issues.flatMap((issue) => notUnderstood(issue, document)) };
  }
  const findings = checkReferences(parsed.data).map((problem) => located(problem, document));
  return { topology: toTopology(parsed.data), findings };
}

function toTopology({ exchanges, queues, bindings }: Definitions): Topology {
  return {
    dialect: defaultDialect,
    exchanges: exchanges
      .filter(({ name }) => !isPredeclared(name))
      .map(({ name, vhost, type, internal, arguments: args }) => ({
        vhost,
        name,
        type,
        internal,
        alternateExchange: args['alternate-exchange'],
      })),
    queues: queues.map(({ name, vhost, type, arguments: args }) => ({
      vhost,
      name,
      type: args['x-queue-type'] ?? (type === 'quorum' ? 'quorum' : 'classic'),
      deliveryLimit: args['x-delivery-limit'],
      deadLetterExchange: args['x-dead-letter-exchange'],
      deadLetterRoutingKey: args['x-dead-letter-routing-key'],
    })),
    bindings: bindings.map(({ vhost, source, destination, destination_type, routing_key }) => ({
      vhost,
      source,
      destination,
      destinationType: destination_type,
      bindingKey: routing_key,
    })),
  };
}

function invalidJson({ message, position }: InvalidJsonError): Finding {
  return {
    class: 'blocking',
    code: 'invalid-json',
    path: '',
    ...place(position),
    message: `${message}.`,
    fix: 'correct the file, or export it again with `rabbitmqctl export_definitions`.',
  };
}

function notUnderstood(issue: z.core.$ZodIssue, document: JsonDocument): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      located(
        {
          class: 'unknown',
          code: 'unknown-key',
          path: [...issue.path, key],
          message: 'is not understood: deploying without it could change what happens to a message.',
          fix: 'remove it.',
        },
        document,
      ),
    );
  }
  const problem: Problem = {
    class: 'blocking',
    code: 'cannot-be-honoured',
    path: issue.path,
    message: `${issue.message}.`,
    fix: 'change the value.',
  };
  return [located(problem, document)];
}

function located({ path, ...problem }: Problem, document: JsonDocument): Finding {
  return { ...problem, path: formatPath(path), ...place(document.positionOf(path)) };
}

function place({ line, column }: Position): Position {
  return { line, column };
}
