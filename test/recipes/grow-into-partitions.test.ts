import { jest } from '@jest/globals';
import { z } from 'zod';
import { deadLetterQueueName, sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { addPartitionsConsumer, declareOwnPartitions } from './own-partitions.ts';
import { copyProject, type Project, projectIn } from './project-copy.ts';

// Compiling the project takes a busy machine its time.
jest.setTimeout(600_000);

const partitions = ['shard-0', 'shard-1', 'shard-2', 'shard-3'];
const namedFor = (name: string): string =>
  sqsQueueName('warren-prod', { vhost: '/', name, singleActiveConsumer: true });

/** docs/partitions.md: "Declare them". */
describe('partitions that are declared as their page says', () => {
  const project = projectIn(copyProject());
  let synthesised: ReturnType<Project['synth']>;

  beforeAll(() => {
    declareOwnPartitions(project, partitions);
    addPartitionsConsumer(project);
    project.run('npx', 'biome', 'check', '--write', 'lib/consumers.ts', 'lambdas/shards', 'test/unit/lambdas/shards');
  });
  afterAll(project.remove);

  it.each(['types', 'lint'])('pass npm run %s', (name) => {
    expect(project.script(name)).toMatchObject({ status: 0 });
  });

  it('pass the unit test of their consumer', () => {
    const { status, output } = project.script(
      ...['jest', '--', '--selectProjects', 'unit', '--testPathPatterns', 'unit/lambdas/shards'],
    );

    expect(output.match(/●.*/g) ?? []).toEqual([]);
    expect(status).toBe(0);
  });

  describe('when they are synthesised', () => {
    beforeAll(() => {
      // Fails when a rule of synth is broken.
      synthesised = project.synth();
    });

    const ofType = (...types: string[]) => synthesised.resources.filter(({ Type }) => types.includes(Type));
    const functionsOf = (service: string) =>
      ofType('AWS::Lambda::Function').filter(
        ({ Properties }) => Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME === service,
      );

    it('have one function, which reads each of them', () => {
      const [fn, ...others] = functionsOf('shards');
      const sources = ofType('AWS::Lambda::EventSourceMapping')
        .filter(
          ({ Properties }) => JSON.stringify(Properties['FunctionName']) === JSON.stringify({ Ref: fn?.logicalId }),
        )
        .map(({ Properties }) => JSON.stringify(Properties['EventSourceArn']));

      expect(fn).toBeDefined();
      expect(others).toEqual([]);
      expect(sources).toHaveLength(partitions.length);
      expect(new Set(sources).size).toBe(partitions.length);
    });

    it.each([
      ['shards', ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem']],
      ['publish', ['dynamodb:PutItem', 'dynamodb:Query']],
    ])('have a table, which %s knows and may use', (service, actions) => {
      const [fn] = functionsOf(service);

      expect(synthesised.tables).toContain('Partitions');
      expect(JSON.stringify(fn?.Properties.Environment?.Variables['PARTITIONS_TABLE'])).toMatch(theirTable);
      expect(allowedOnTheirTable(JSON.stringify(fn?.Properties['Role']))).toEqual(actions);
    });

    it('are known to the command as the functions know them', () => {
      expect(JSON.parse(String(synthesised.outputs.get('PartitionDigests')))).toEqual({
        '["/","shards"]': expect.stringMatching(/^[0-9a-f]{16}$/),
      });
    });

    it('ring each for itself', () => {
      const names = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties['AlarmName']);

      expect(names).toEqual(
        expect.arrayContaining(
          partitions.map(namedFor).flatMap((name) => [`${name}-late`, `${name}-in-flight`, deadLetterQueueName(name)]),
        ),
      );
    });

    it('have a circuit each; the alarm of the first is called as if it were the only one', () => {
      const alarms = ofType('AWS::CloudWatch::Alarm')
        .filter(({ Properties }) => Properties['MetricName'] === 'CircuitOpen')
        .filter(({ logicalId }) => logicalId.includes('Openshards'));
      const of = (queue: string) =>
        alarms.filter(({ Properties }) => JSON.stringify(Properties['Dimensions']).includes(`"${queue}"`));

      expect(partitions.map((queue) => of(queue).length)).toEqual([1, 1, 1, 1]);
      expect(of('shard-0')[0]?.logicalId).toMatch(/^CircuitBreakerOpenshards[0-9A-F]{8}$/);
    });

    /** What the role of a function is allowed. */
    function allowedOnTheirTable(role: string): string[] {
      const statements = ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
        .map(({ Properties }) => policySchema.parse(Properties))
        .filter(({ Roles }) => Roles.some(({ Ref }) => role.includes(`"${Ref}"`)))
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .filter(({ Resource }) => theirTable.test(JSON.stringify(Resource) ?? ''));
      return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
    }
  });
});

/** As another stack refers to it. */
const theirTable = /Partitions[0-9A-F]{8}/;

const policySchema = z.object({
  Roles: z.array(z.object({ Ref: z.string() })).default([]),
  PolicyDocument: z.object({
    Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() })),
  }),
});
