import type { AppModel } from './app-model.ts';
import { UnknownAtSynthError } from './errors.ts';

export interface Violation {
  readonly rule: string;
  readonly path: string;
  /** One sentence, with the value that was given. */
  readonly problem: string;
  readonly fix: string;
}

export interface Rule {
  readonly id: string;
  check(app: AppModel): Violation[];
}

/** A subject is refused by each row whose condition holds for it. */
export interface RuleTable<Subject> {
  readonly id: string;
  readonly subjects: (app: AppModel) => readonly Subject[];
  readonly path: (subject: Subject) => string;
  readonly refusals: readonly Refusal<Subject>[];
}

interface Refusal<Subject> {
  readonly condition: (subject: Subject) => boolean;
  readonly problem: (subject: Subject) => string;
  readonly fix: (subject: Subject) => string;
}

export function defineRule<Subject>({ id, subjects, path, refusals }: RuleTable<Subject>): Rule {
  const judge = (subject: Subject, { condition, problem, fix }: Refusal<Subject>): Violation[] => {
    try {
      return condition(subject)
        ? [{ rule: id, path: path(subject), problem: problem(subject), fix: fix(subject) }]
        : [];
    } catch (error) {
      if (!(error instanceof UnknownAtSynthError)) throw error;
      return [{ rule: id, path: path(subject), problem: error.message, fix: knowIt }];
    }
  };
  return {
    id,
    check: (app) => subjects(app).flatMap((subject) => refusals.flatMap((refusal) => judge(subject, refusal))),
  };
}

const knowIt = 'give a literal value (from lib/config.ts), not a CloudFormation parameter, import or condition';
