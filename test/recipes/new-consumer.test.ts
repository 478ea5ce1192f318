import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { declareOwnQueue } from './own-consumer.ts';
import { copyProject, projectIn } from './project-copy.ts';

// Compiling the project takes a busy machine its time.
jest.setTimeout(600_000);

/** README: "Your own queue and consumer". */
describe('npm run new-consumer', () => {
  const project = projectIn(copyProject());
  const { inCopy, run, script, synth } = project;
  const changes = (): string => run('git', 'status', '--porcelain', '--untracked-files=all').output;

  beforeAll(() => {
    declareOwnQueue(inCopy);
    // The queue is ours, not the command's: what is judged below is what the command wrote.
    run('npx', 'biome', 'format', '--write', 'topology');
    run('git', 'init', '--quiet');
    run('git', 'add', '--all');
    run('git', '-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '-m', 'mine');
  });
  afterAll(project.remove);

  it.each([
    [['loyalty'], 'A name and a queue are needed'],
    [['Loyalty', 'loyalty.points'], 'must be kebab-case'],
    [['orders', 'loyalty.points'], "'orders' is there already: lambdas/orders"],
    [['loyalty', 'loyalty.point'], "did you mean 'loyalty.points'"],
    [['loyalty', 'orders.payments'], "'orders.payments' has a consumer already: lambdas/orders"],
    [['loyalty', 'archive.orders'], 'consumedElsewhere'],
    [['loyalty', 'loyalty.points', '--', '--no-such-option'], 'no-such-option'],
  ])('refuses %j with exit status 2, and writes nothing', (args, reason) => {
    expect(script('new-consumer', ...args)).toMatchObject({ status: 2, output: expect.stringContaining(reason) });
    expect(changes()).toBe('');
  });

  it.each(['lib/consumers.ts', 'lib/config.ts', 'lib/functions/connections.ts'])(
    'refuses a project whose %s does not parse, and writes nothing',
    (file) => {
      const before = readFileSync(inCopy(file), 'utf8');
      writeFileSync(inCopy(file), `${before}\nexport const half = {`);

      const { status, output } = script('new-consumer', 'loyalty', 'loyalty.points');
      writeFileSync(inCopy(file), before);

      expect({ status, output }).toMatchObject({
        status: 1,
        output: expect.stringContaining(`${file} is no TypeScript`),
      });
      expect(changes()).toBe('');
    },
  );

  it('only lists what it would write, when it is asked to', () => {
    const { status, output } = script('new-consumer', 'loyalty', 'loyalty.points', '--', '--dry-run');

    expect(status).toBe(0);
    expect(output).toContain('lambdas/loyalty/loyalty-consumer.ts');
    expect(changes()).toBe('');
  });

  describe('when it has written a consumer', () => {
    beforeAll(() => {
      const { status, output } = script('new-consumer', 'loyalty', 'loyalty.points');
      expect(output).toContain('npm run snapshots');
      expect(status).toBe(0);
    });

    it.each(['types', 'lint', 'format'])('passes npm run %s', (name) => {
      expect(script(name)).toMatchObject({ status: 0 });
    });

    it('passes its own unit test, and those that all functions and test events must pass', () => {
      const { status, output } = script(
        ...['jest', '--', '--selectProjects', 'unit', '--testPathPatterns'],
        'unit/(lambdas/loyalty|architecture|bin/events/test-events)',
      );

      expect(output.match(/●.*/g) ?? []).toEqual([]);
      expect(output).toContain('test/unit/lambdas/loyalty/loyalty-consumer.test.ts');
      expect(status).toBe(0);
    });

    it('is deployed, beside what was there', () => {
      expect(synth().functions).toEqual(expect.arrayContaining(['loyalty', 'orders', 'publish']));
    });

    it('is not made a second time', () => {
      const before = changes();

      expect(script('new-consumer', 'loyalty', 'loyalty.points')).toMatchObject({ status: 2 });
      expect(changes()).toBe(before);
      expect(existsSync(inCopy('lib/functions/loyalty.ts.new'))).toBe(false);
    });
  });
});
