/** A request of the AWS SDK, as it goes over the wire. */
export interface AwsRequest {
  /** Names the client: `api/sqs#3.1169.0`. */
  readonly userAgent: string;
  /** Of the JSON protocols: `AmazonSQS.SendMessage`. Default: empty. */
  readonly target: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const iam: Readonly<Record<string, string>> = {
  'sns:PublishBatch': 'sns:Publish',
  'sqs:ChangeMessageVisibilityBatch': 'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'sqs:SendMessageBatch': 'sqs:SendMessage',
};

/** What a request needs to be allowed; nothing for one that goes elsewhere. */
export function calledActions(request: AwsRequest): string[] {
  const service = /\bapi\/([a-z0-9_-]+)#/.exec(request.userAgent)?.[1]?.replaceAll(/[_-]/g, '');
  if (service === undefined) return [];
  const operation = operationOf(service, request);
  if (operation === 'TransactWriteItems') return partsOf(request.body);
  const action = `${service}:${operation}`;
  // A schedule is given the role that it acts by.
  if (action === 'scheduler:CreateSchedule') return [action, 'iam:PassRole'];
  return [iam[action] ?? action];
}

function operationOf(service: string, { target, method, path, body }: AwsRequest): string {
  const named = target.split('.')[1] ?? /\/operation\/(\w+)$/.exec(path)?.[1] ?? /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  if (named !== undefined) return named;
  if (service === 'scheduler' && method === 'POST') return 'CreateSchedule';
  if (service === 'lambda') return lambdaOperation(method, path);
  if (service === 's3' && method === 'PUT') return 'PutObject';
  if (service === 's3' && (method === 'GET' || method === 'HEAD')) return 'GetObject';
  return `${method} ${path}`;
}

function lambdaOperation(method: string, path: string): string {
  if (/\/functions\/[^/]+\/invocations$/.test(path)) return 'InvokeFunction';
  if (!path.includes('/event-source-mappings')) return `${method} ${path}`;
  return method === 'PUT' ? 'UpdateEventSourceMapping' : 'ListEventSourceMappings';
}

/** A transaction needs what its parts need. */
function partsOf(body: string): string[] {
  const parts = [...body.matchAll(/"(Put|Update|Delete|ConditionCheck)":\{/g)];
  return [...new Set(parts.map(([, part]) => `dynamodb:${part}Item`))];
}
