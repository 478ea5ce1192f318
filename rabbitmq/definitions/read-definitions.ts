import { checkVhosts } from './check-vhosts.ts';
import type { Definitions } from './definitions.ts';
import type { Finding, Problem } from './finding.ts';
import { InvalidJsonError } from './invalid-json-error.ts';
import { formatPath, type JsonDocument, type Path, parseJsonDocument } from './json-document.ts';
import { nothingDeclared } from './nothing-declared.ts';
import { SectionReader } from './section-reader.ts';
import { checkPermissions, checkSections } from './sections.ts';
import { wrongShape } from './shape-problems.ts';

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
    ...checkVhosts(sections, vhost),
    ...nothingDeclared(sections),
  ];
  return { definitions: new SectionReader(sections, problems, vhost).read(), problems, locate };
}

function invalidJson({ message }: InvalidJsonError): Problem {
  const fix = 'correct the file, or export it again with `rabbitmqctl export_definitions`.';
  return { class: 'blocking', code: 'invalid-json', path: [], message: `${message.replace(/\.$/, '')}.`, fix };
}

function hiddenMember(path: Path): Problem {
  const message = 'stands twice in its object: RabbitMQ takes the last one.';
  return { class: 'warning', code: 'duplicate-key', path, message, fix: 'keep one of them.' };
}

function place({ path, ...problem }: Problem, { line, column }: { line: number; column: number }): Finding {
  return { ...problem, path: formatPath(path), line, column };
}
