import { parseSync } from '@swc/core';

/** The prefix of IAM actions of a client package. */
const prefixes: Readonly<Record<string, string>> = {
  'client-cloudformation': 'cloudformation',
  'client-cloudwatch': 'cloudwatch',
  'client-dynamodb': 'dynamodb',
  'lib-dynamodb': 'dynamodb',
  'client-lambda': 'lambda',
  'client-s3': 's3',
  'client-scheduler': 'scheduler',
  'client-secrets-manager': 'secretsmanager',
  'client-sns': 'sns',
  'client-sqs': 'sqs',
  'client-sts': 'sts',
};

/** Operations that IAM calls otherwise (service authorization reference). A transaction needs what its parts need. */
const asIamSays: Readonly<Record<string, string | undefined>> = {
  'dynamodb:BatchGet': 'dynamodb:BatchGetItem',
  'dynamodb:Delete': 'dynamodb:DeleteItem',
  'dynamodb:Get': 'dynamodb:GetItem',
  'dynamodb:Put': 'dynamodb:PutItem',
  'dynamodb:Update': 'dynamodb:UpdateItem',
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:HeadObject': 's3:GetObject',
  'sns:PublishBatch': 'sns:Publish',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
};

/** Anybody may ask who they are. */
const free: readonly string[] = ['sts:GetCallerIdentity'];

/** The IAM action of a client package's command or paginator; none for anything else it exports. */
export function actionOf(packageName: string, exported: string): string[] {
  const prefix = prefixes[packageName.replace('@aws-sdk/', '')];
  const operation = /^(?:paginate([A-Z]\w+)|([A-Z]\w+)Command)$/.exec(exported)?.slice(1).find(Boolean);
  if (prefix === undefined || operation === undefined) return [];
  const action = `${prefix}:${operation}`;
  return free.includes(action) ? [] : [asIamSays[action] ?? action];
}

/** What a source text calls: by the commands it imports, and by the parts of the transactions it writes. */
export function actionsIn(source: string): string[] {
  const imported = parseSync(source, { syntax: 'typescript' }).body.flatMap((item) => {
    if (item.type !== 'ImportDeclaration' || item.typeOnly || !item.source.value.startsWith('@aws-sdk/')) return [];
    return item.specifiers.flatMap((one) =>
      one.type === 'ImportSpecifier' && !one.isTypeOnly
        ? actionOf(item.source.value, (one.imported ?? one.local).value)
        : [],
    );
  });
  const later = [...source.matchAll(/const \{([^}]*)\} = await import\('(@aws-sdk\/[^']+)'\)/g)].flatMap(
    ([, names = '', from = '']) => names.split(',').flatMap((name) => actionOf(from, name.trim())),
  );
  return [...imported, ...later].flatMap((action) =>
    action === 'dynamodb:TransactWrite' || action === 'dynamodb:TransactWriteItems' ? partsIn(source) : [action],
  );
}

function partsIn(source: string): string[] {
  const parts = [...source.matchAll(/\b(Put|Update|Delete|ConditionCheck): /g)];
  return parts.map(([, part]) => `dynamodb:${part}Item`);
}
