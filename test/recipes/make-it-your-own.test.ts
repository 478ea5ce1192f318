import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { onlyWhereATableMoves } from '../infra/support/a-table-that-moves.ts';
import { addOwnConsumer, ownTopology, putOwnTopology } from './own-consumer.ts';
import { copyProject, projectIn } from './project-copy.ts';

// Compiling the project takes a busy machine its time, and removing the example compiles it four times.
jest.setTimeout(600_000);

/** README: "Your own queue and consumer", then docs/without-the-example.md, in this order on one copy of the project. */
describe('a project of one’s own', () => {
  const project = projectIn(copyProject());
  const { inCopy, run, script, synth } = project;

  beforeAll(() => {
    addOwnConsumer(project);
    writeFileSync(inCopy('own.json'), JSON.stringify(ownTopology));
  });
  afterAll(project.remove);

  it('deploys a consumer of its own without the example, with its own definitions by -c topology', () => {
    const { functions, tables, types } = synth({ topology: 'own.json' });

    expect(functions).toEqual(expect.arrayContaining(['loyalty', 'publish']));
    expect(functions).not.toContain('orders');
    expect(functions).not.toContain('wechat-pay-notify');
    expect(tables).toContain('Loyalty');
    expect(tables).not.toContain('Orders');
    expect(types).not.toContain('AWS::SecretsManager::Secret');
  });

  it('is refused with its own definitions in place of the example’s, and told how to do without the example', () => {
    const shipped = readFileSync(inCopy('topology/definitions.json'));
    writeFileSync(inCopy('topology/definitions.json'), JSON.stringify(ownTopology));

    const asked = () => synth();

    expect(asked).toThrow(/'[a-z-]+' consumes '[a-z.-]+', which .*definitions\.json does not declare/);
    expect(asked).toThrow('npm run remove-example');
    writeFileSync(inCopy('topology/definitions.json'), shipped);
  });

  it('keeps the example as long as something is not committed, or nobody says yes', () => {
    run('git', 'init', '--quiet');
    const uncommitted = script('remove-example', '--', '--yes');
    run('git', 'add', '--all');
    run('git', '-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '-m', 'mine');
    const listed = script('remove-example');

    expect(uncommitted).toMatchObject({ status: 1, output: expect.stringContaining('uncommitted changes') });
    expect(listed).toMatchObject({ status: 0, output: expect.stringContaining('lambdas/wechat-pay-notify') });
    expect(run('git', 'status', '--porcelain').output).toBe('');
  });

  // The command itself compiles the project, before and after.
  it('is rid of the example by one command: what is left is formatted, and is deployed with its own definitions', () => {
    const { status, output } = script('remove-example', '--', '--yes');
    expect(output).toContain('The worked example is removed.');
    expect(status).toBe(0);
    putOwnTopology(project.folder);

    expect(script('lint')).toMatchObject({ status: 0 });
    const { functions, tables, types } = synth();
    expect(functions).toEqual(expect.arrayContaining(['loyalty', 'publish']));
    // Without a group chat there is nothing that writes to one, and no table moves.
    const without = ['on-call-webhook', ...onlyWhereATableMoves];
    const everyFunction = foldersOf('lambdas').filter((one) => existsSync(inCopy(`lambdas/${one}/index.ts`)));
    expect(functions.toSorted()).toEqual(everyFunction.filter((one) => !without.includes(one)));
    expect(tables).toContain('Loyalty');
    expect(types).not.toContain('AWS::SecretsManager::Secret');
  });

  it('is green without the example: its own unit test, and what infra tests say of resources, constructs and consumers', () => {
    const { status, output } = script(
      'jest',
      '--',
      '--selectProjects',
      'infra',
      'unit',
      '--testPathPatterns',
      'infra/(constructs|every|on-call|consumers)|unit/lambdas/loyalty',
    );

    expect(output.match(/●.*/g) ?? []).toEqual([]);
    expect(status).toBe(0);
  });

  it('has nothing of the example left in its code, but tests of its own', () => {
    const files = globSync(['bin/**/*.ts', 'lambdas/**/*.ts', 'lib/**/*.ts', 'local/**/*.ts'], { cwd: project.folder });
    const speaking = files.filter((file) => /wechat|worked example/i.test(readFileSync(inCopy(file), 'utf8')));

    expect(speaking).toEqual([]);
    expect(foldersOf('test/unit/lambdas')).not.toContain('orders');
    expect(existsSync(inCopy('test/infra/every-resource.test.ts'))).toBe(true);
  });

  function foldersOf(folder: string): string[] {
    return readdirSync(inCopy(folder)).sort();
  }
});
