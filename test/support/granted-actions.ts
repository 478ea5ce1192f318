import { z } from 'zod';

const statement = z.object({ Action: z.union([z.string(), z.array(z.string())]), Effect: z.string() });
const fn = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Properties: z.object({
    Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
    Environment: z.object({ Variables: z.object({ POWERTOOLS_SERVICE_NAME: z.string() }) }),
  }),
});
/** What is too long for a role's own policy CDK moves into managed ones. */
const policy = z.object({
  Type: z.enum(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']),
  Properties: z.object({
    Roles: z.array(z.object({ Ref: z.string() })).default([]),
    PolicyDocument: z.object({ Statement: z.array(statement) }),
  }),
});
const mapping = z.object({
  Type: z.literal('AWS::Lambda::EventSourceMapping'),
  Properties: z.object({ FunctionName: z.object({ Ref: z.string() }) }),
});

/** A CloudFormation resource of a template. */
type Resources = Readonly<Record<string, unknown>>;

const resources = z.object({ Resources: z.record(z.string(), z.unknown()) });

/** The resources of templates as JSON, by their logical ids. */
export function resourcesOf(templates: readonly unknown[]): Resources {
  return Object.assign({}, ...templates.map((one) => resources.parse(one).Resources));
}

/** Function's folder → what its role may do, sorted. */
export function grantedActions(all: Resources): ReadonlyMap<string, readonly string[]> {
  const policies = Object.values(all).flatMap((one) => policy.safeParse(one).data?.Properties ?? []);
  return new Map(
    functionsIn(all).map(([, folder, role]) => {
      const own = policies.filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role));
      const statements = own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const actions = statements.flatMap(({ Action, Effect }) => (Effect === 'Allow' ? Action : []));
      return [folder, [...new Set(actions)].sort()];
    }),
  );
}

/** Functions that something hands events to by an event source mapping: Lambda then acts by their role. */
export function mappedFolders(all: Resources): ReadonlySet<string> {
  const folders = new Map(functionsIn(all).map(([id, folder]) => [id, folder]));
  const mapped = Object.values(all).flatMap((one) => mapping.safeParse(one).data?.Properties.FunctionName.Ref ?? []);
  return new Set(mapped.flatMap((id) => folders.get(id) ?? []));
}

/** Logical id, folder in `lambdas/`, and role. */
function functionsIn(all: Resources): [string, string, string][] {
  return Object.entries(all).flatMap(([id, one]): [string, string, string][] => {
    const found = fn.safeParse(one).data?.Properties;
    return found ? [[id, found.Environment.Variables.POWERTOOLS_SERVICE_NAME, found.Role['Fn::GetAtt'][0]]] : [];
  });
}
