import type { AppModel } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { UnknownAtSynthError } from './errors.ts';
import { at, isRecord, knownText } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * A function may do what it does, action by action: a wildcard also grants the actions AWS adds next year.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
 */
export const iamActions = defineRule({
  id: 'Warren-IamActions',
  subjects: policyDocuments,
  path: ({ resource }) => resource.path,
  refusals: [
    {
      condition: (policy) => wildcardsIn(policy).length > 0,
      problem: (policy) => `it allows ${wildcardsIn(policy).join(', ')}`,
      fix: () =>
        'name each action the function calls (grant methods that add wildcards, as S3 grants do, need an own statement)',
    },
    {
      condition: (policy) => allowStatements(policy).some((statement) => at(statement, 'NotAction').length > 0),
      problem: () => 'it allows everything except a NotAction list',
      fix: () => 'name each action the function calls in Action',
    },
  ],
});

/**
 * CDK's own key grants (`key.grantEncrypt`, and through it every grant on a queue or table with a key) write these two, and offer no other
 * form. They stand for ReEncryptFrom and -To, and GenerateDataKey with its variants, on the one key of the statement.
 */
const exceptions: readonly string[] = ['kms:ReEncrypt*', 'kms:GenerateDataKey*'];

interface PolicyDocument {
  readonly resource: Resource;
  readonly document: unknown;
}

const withDocument = ['Policy', 'ManagedPolicy', 'RolePolicy', 'UserPolicy', 'GroupPolicy'].map(
  (name) => `AWS::IAM::${name}`,
);
const withInlinePolicies = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

function policyDocuments({ resources }: AppModel): PolicyDocument[] {
  const documents = resources
    .ofType(...withDocument)
    .flatMap((resource) => at(resource.properties, 'PolicyDocument').map((document) => ({ resource, document })));
  const inline = resources.ofType(...withInlinePolicies).flatMap((resource) =>
    at(resource.properties, 'Policies').map((policy) => ({
      resource,
      document: at(policy, 'PolicyDocument')[0] ?? policy,
    })),
  );
  return [...documents, ...inline];
}

function wildcardsIn(policy: PolicyDocument): string[] {
  return allowStatements(policy)
    .flatMap((statement) => at(statement, 'Action'))
    .map((action) => knownText(policy.resource, 'Action', action))
    .filter((action) => /[*?]/.test(action) && !exceptions.includes(action));
}

function allowStatements({ resource, document }: PolicyDocument): unknown[] {
  const statements = isRecord(document) ? at(document, 'Statement') : [];
  if (statements.length === 0) throw new UnknownAtSynthError(resource.path, 'PolicyDocument', document);
  return statements.filter((statement) => at(statement, 'Effect')[0] !== 'Deny');
}
