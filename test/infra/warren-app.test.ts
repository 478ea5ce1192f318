import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configs } from '../../lib/config.ts';
import { parseStage, stages } from '../../lib/stages.ts';
import { loadDefinitions, TopologyRefusedError } from '../../lib/topology.ts';
import { createWarrenApp } from '../../lib/warren-app.ts';

describe('the stage of a deployment', () => {
  it.each(stages)('may be %s', (stage) => {
    expect(parseStage(stage)).toBe(stage);
  });

  it.each([['production'], ['Prod'], [''], [undefined], ['toString']])(
    'is refused when it is %p, naming the valid ones',
    (stage) => {
      expect(() => parseStage(stage)).toThrow(
        /is not a stage: choose local, dev, prod|no stage is given: choose local, dev, prod/,
      );
    },
  );

  it('is asked for before anything else', () => {
    expect(() => createWarrenApp({ context: { stage: 'staging' } })).toThrow('choose local, dev, prod');
  });
});

describe('loading definitions', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-definitions-'));
  const file = path.join(folder, 'definitions.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  const load = (text: string) => () => {
    writeFileSync(file, text);
    return loadDefinitions(file, { namePrefix: 'warren-test', config: configs.dev, isDefault: false });
  };

  it('refuses a file that is no JSON, with its line and column', () => {
    const broken = load('{\n  "queues": [,]\n}');

    expect(broken).toThrow(TopologyRefusedError);
    expect(broken).toThrow(`${file}:2:14 blocking: `);
  });

  it('refuses what cannot be honoured, one line per finding with its place', () => {
    const broken = load(
      [
        '{',
        '  "exchanges": [{ "name": "e", "vhost": "/", "type": "topic" }],',
        '  "queues": [],',
        '  "bindings": [',
        '    { "source": "e", "vhost": "/", "destination": "q", "destination_type": "queue", "routing_key": "" },',
        '    { "source": "f", "vhost": "/", "destination": "e", "destination_type": "exchange", "routing_key": "" }',
        '  ]',
        '}',
      ].join('\n'),
    );

    expect(broken).toThrow(TopologyRefusedError);
    const [headline, ...lines] = messageOf(broken).split('\n');
    expect(headline).toBe(`${file} cannot be deployed:`);
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}.*definitions\.json:5:51 blocking: bindings\[0\]\.destination: .* Fix: /),
      expect.stringMatching(/^ {2}.*definitions\.json:6:17 blocking: bindings\[1\]\.source: .* Fix: /),
    ]);
  });

  it('refuses what it does not understand', () => {
    expect(load('{\n  "exchangez": []\n}')).toThrow(`${file}:2:16 unknown: exchangez: `);
  });

  it('only warns of an alternate exchange that is not there', () => {
    const { topology, warnings } = load(
      '{ "exchanges": [{ "name": "e", "type": "fanout", "arguments": { "alternate-exchange": "gone" } }] }',
    )();

    expect(topology.exchanges).toHaveLength(1);
    expect(warnings).toEqual([
      expect.stringContaining('no binding leads from'),
      expect.stringContaining(`${file}:1:87 warning: exchanges[0].arguments.alternate-exchange: `),
      expect.stringContaining('has no queue of lib/consumers.ts'),
    ]);
  });
});

function messageOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it was not refused');
}
