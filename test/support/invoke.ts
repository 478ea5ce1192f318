import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

export interface Invocation {
  /** The function's answer; what it threw when `failed`. */
  readonly answer: unknown;
  readonly failed: boolean;
}

/** Invokes a deployed function and waits for its answer. */
export async function invoke(lambda: LambdaClient, functionName: string, event: unknown): Promise<Invocation> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
  );
  const text = Payload ? Buffer.from(Payload).toString('utf8') : 'null';
  return { answer: JSON.parse(text || 'null'), failed: FunctionError !== undefined };
}
