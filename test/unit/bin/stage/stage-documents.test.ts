import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { stageDocuments } from '../../../../bin/warren/stage/stage-documents.ts';
import type { Move, MoveStep } from '../../../../lambdas/shared/table-moves/move.ts';
import { declaredMovesOutput } from '../../../../lib/output-names.ts';
import { now } from '../../lambdas/builders.ts';

const keys = { source: ['id'], target: [{ name: 'pk', from: 'item#{id}' }] };
const times = { maxAgeMs: 5_000, longestRequestMs: 7_000, followerMs: 10_000, closedAtMostMs: 600_000 };
const declared = JSON.stringify({
  rows: 'rows',
  moves: [{ table: 'Items', target: 'ItemsByKey', keys, sourceName: 'items', targetName: 'moved' }],
  times,
});

function moveAt(step: MoveStep): Move {
  const by = { who: 'lin', why: 'another key', at: now.toISOString() };
  const copy = { phase: 'finished', copied: 1, newer: 0, pruned: 0 } as const;
  const state = { step, following: 'none', epoch: 1, version: 1, rate: 500 } as const;
  return { table: 'Items', target: 'ItemsByKey', keys, ...state, started: by, changed: by, copy };
}

/** What a command reads of the item 1, where the source and the target say who they are, and the move is at that step. */
async function readAt(step: MoveStep, outputs: Readonly<Record<string, string>>) {
  const items: Readonly<Record<string, object>> = {
    rows: moveAt(step),
    items: { id: '1', text: 'source' },
    moved: { id: '1', pk: 'item#1', text: 'target' },
  };
  const requestHandler = {
    async handle({ body }: { body: Uint8Array }) {
      const { TableName } = JSON.parse(new TextDecoder().decode(body));
      const answer = new TextEncoder().encode(JSON.stringify({ Item: marshall(items[TableName]) }));
      const { HttpResponse } = await import('@smithy/core/protocols');
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: answer }) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const documents = stageDocuments({ config: { region: 'eu-west-1', credentials, requestHandler }, all: outputs });
  return (await documents.send(new GetCommand({ TableName: 'items', Key: { id: '1' } }))).Item;
}

describe('a command that reads a table of a stage', () => {
  it.each([
    ['copying', 'source'],
    ['reading', 'source'],
    ['written', 'target'],
    ['done', 'target'],
  ] as const)('finds it, when its move is %s, at the %s', async (step, text) => {
    expect(await readAt(step, { [declaredMovesOutput]: declared })).toEqual({ id: '1', text });
  });

  it('reads it as it is where no move is declared', async () => {
    expect(await readAt('done', {})).toEqual({ id: '1', text: 'source' });
  });
});
