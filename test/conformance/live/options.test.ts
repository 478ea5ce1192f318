import { readOptions, UsageError } from './options.ts';

const amqp = 'amqp://guest:guest@localhost:5672';
const management = 'http://guest:guest@127.0.0.1:15672';
const read = (args: string[], env: NodeJS.ProcessEnv = {}) => readOptions(args, env, () => 42);

describe('the options of the live run', () => {
  it('take the brokers in pairs', () => {
    const pair = ['--broker', amqp, '--management', management];

    expect(read([...pair, ...pair]).brokers).toEqual([
      { amqp, management },
      { amqp, management },
    ]);
  });

  it('default to the environment’s broker, a random seed and 100,000 messages', () => {
    const options = read([], { AMQP_URL: amqp, MANAGEMENT_URL: management });

    expect(options).toMatchObject({ brokers: [{ amqp, management }], seed: 42, messages: 100_000, json: false });
  });

  it.each([
    ['no broker', []],
    ['a broker without its HTTP API', ['--broker', amqp]],
    ['an address of another kind', ['--broker', management, '--management', management]],
    ['no address at all', ['--broker', 'localhost', '--management', management]],
    ['a seed that is no number', ['--broker', amqp, '--management', management, '--seed', 'x']],
    ['a rule nobody can break', ['--broker', amqp, '--management', management, '--plant', 'x']],
    ['an unknown option', ['--colour']],
    ['a broker that is not on this machine', ['--broker', 'amqp://rabbit.example:5672', '--management', management]],
  ])('are refused with %s', (_, args) => {
    expect(() => read(args)).toThrow(UsageError);
  });

  it('take a remote broker when told to', () => {
    const remote = ['--broker', 'amqp://rabbit.example:5672', '--management', 'https://rabbit.example:15671'];

    expect(read([...remote, '--allow-remote']).brokers).toHaveLength(1);
  });
});
