import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import {
  LambdaClient,
  LambdaServiceException,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { createLambdaProducer } from '../../../../bin/warren/publish/lambda-producer.ts';
import type { ProducerRequest } from '../../../../bin/warren/publish/producer.ts';
import { OutboxLimitError } from '../../../../lambdas/shared/outbox/errors.ts';
import { rejectionOf } from '../../lambdas/builders.ts';

const request: ProducerRequest = { vhost: '/', mode: 'confirm', detail: 'problems', messages: [{ payload: '支付' }] };
const answer = { ok: true, events: [], detail: 'problems', messages: [], later: 'field' };

interface Input {
  readonly FunctionName?: string;
  readonly Payload?: string;
}

/** A Lambda that answers or throws what it is given; remembers what it was asked. */
function lambdaThat(given: object | Error) {
  const inputs: Input[] = [];
  const client = Object.assign(new LambdaClient({ region: 'eu-west-1' }), {
    send: async ({ input }: { input: Input }) => {
      inputs.push(input);
      if (given instanceof Error) throw given;
      return given;
    },
  });
  return { inputs, producer: createLambdaProducer(client, 'publish-function') };
}

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const thrown = (name: string, message: string) => Object.assign(new Error(message), { name });
const ofLambda = (name: string, attempts = 1) =>
  new LambdaServiceException({ name, message: `${name} of Lambda`, $fault: 'client', $metadata: { attempts } });

const portOf = (server: Server): number => Object(server.address()).port;

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

function producerAt(port: number) {
  const lambda = new LambdaClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 3,
  });
  return createLambdaProducer(lambda, 'publish-function');
}

describe('the deployed publish function', () => {
  it('is invoked with the request and answers as its contract says, or with more', async () => {
    const { producer, inputs } = lambdaThat({ Payload: bytes(answer) });

    expect(await producer.publish(request)).toMatchObject({ ok: true, events: [], messages: [] });
    expect(inputs).toEqual([{ FunctionName: 'publish-function', Payload: JSON.stringify(request) }]);
  });

  const invalid = {
    errorType: 'InvalidPublishRequestError',
    errorMessage: 'the request cannot be published, nothing was sent:\n✖ mode',
  };
  const overLimit = {
    errorType: 'OutboxLimitError',
    errorMessage: new OutboxLimitError('the transaction has', 101, 100, 'actions').message,
  };
  const timeout = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 30.00 seconds' };

  it.each([
    [
      'refuses the request',
      { FunctionError: 'Unhandled', Payload: bytes(invalid) },
      'nothing',
      false,
      /^the request cannot/,
    ],
    [
      'refuses what no transaction takes',
      { FunctionError: 'Unhandled', Payload: bytes(overLimit) },
      'nothing',
      false,
      /101/,
    ],
    ['is killed', { FunctionError: 'Unhandled', Payload: bytes(timeout) }, 'unknown', false, /^Task timed out/],
    ['fails without a word', { FunctionError: 'Unhandled', Payload: bytes('') }, 'unknown', false, /did not say why/],
    ['is another function', { Payload: bytes({ hello: 'world' }) }, 'unknown', true, /not as this version/],
    ['answers no JSON', { Payload: bytes('<html>') }, 'unknown', true, /not as this version/],
    [
      'is not there',
      new ResourceNotFoundException({ $metadata: { attempts: 1 }, message: 'x', Message: 'x' }),
      'nothing',
      true,
      /^there is no such function/,
    ],
    [
      'is too busy',
      new TooManyRequestsException({ $metadata: { attempts: 1 }, message: 'slow' }),
      'nothing',
      false,
      /slow/,
    ],
    [
      'is too busy when it is asked again',
      new TooManyRequestsException({ $metadata: { attempts: 3 }, message: 'slow' }),
      'unknown',
      false,
      /slow/,
    ],
    [
      'may not be invoked',
      ofLambda('AccessDeniedException'),
      'nothing',
      true,
      /may not lambda:InvokeFunction on publish-function/,
    ],
    ['may not be invoked any more', ofLambda('ExpiredTokenException', 2), 'unknown', true, /log in again/],
    [
      'cannot be asked without credentials',
      thrown('CredentialsProviderError', 'none'),
      'nothing',
      true,
      /no AWS credentials/,
    ],
    ['cannot be asked without a region', thrown('Error', 'Region is missing'), 'nothing', true, /set AWS_REGION/],
    ['is not heard from', thrown('TimeoutError', 'too long'), 'unknown', false, /^TimeoutError: too long$/],
    [
      'fails inside of Lambda',
      new LambdaServiceException({ name: 'ServiceException', message: 'x', $fault: 'server', $metadata: {} }),
      'unknown',
      false,
      /ServiceException/,
    ],
  ])('that %s says what was sent, whether to go on, and why', async (_, given, sent, isFinal, message) => {
    const error = await rejectionOf(lambdaThat(given).producer.publish(request));

    expect(error).toMatchObject({ name: 'RequestFailedError', sent, isFinal, message: expect.stringMatching(message) });
  });

  it('that no try could reach has been sent nothing, and the next request would not reach it either', async () => {
    const port = await closedPort();

    const error = await rejectionOf(producerAt(port).publish(request));

    expect(error).toMatchObject({
      sent: 'nothing',
      isFinal: true,
      message: expect.stringMatching(new RegExp(`cannot be reached .*ECONNREFUSED.*${port}`)),
    });
  });

  it('that the first try may have reached leaves everything unknown, though the next ones are refused', async () => {
    const server = createServer((socket) => {
      socket.destroy();
      server.close();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');

    const error = await rejectionOf(producerAt(portOf(server)).publish(request));

    expect(error).toMatchObject({ sent: 'unknown' });
  });

  it('that is given up while it works leaves everything unknown', async () => {
    const { producer } = lambdaThat(thrown('AbortError', 'Request aborted'));

    expect(await rejectionOf(producer.publish(request, AbortSignal.abort()))).toMatchObject({
      sent: 'unknown',
      message: 'given up while it was under way',
    });
  });
});
