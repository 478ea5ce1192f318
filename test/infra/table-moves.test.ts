import { declaredMovesOutput } from '../../lib/output-names.ts';
import { violationsIn } from '../../lib/rules/enforce-rules.ts';
import type { TableMove } from '../../lib/table-moves.ts';
import { movingOrders, onlyWhereATableMoves } from './support/a-table-that-moves.ts';
import { environmentOf, folderOf } from './support/function-resources.ts';
import { sourcesOf } from './support/function-sources.ts';
import {
  allowedIn,
  ofType,
  resourcesIn,
  synthesise,
  type TemplateResource,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const deployed = (tableMoves: readonly TableMove[]) =>
  synthesise(warrenApp('dev', { tableMoves })).flatMap(({ template }) => resourcesIn(template));
const tableOf = (resources: readonly TemplateResource[], name: RegExp) =>
  ofType(resources, 'AWS::DynamoDB::GlobalTable').find(({ logicalId }) => name.test(logicalId));
const change = (to: Partial<TableMove['to']>): TableMove => ({ ...movingOrders, to: { ...movingOrders.to, ...to } });

describe('a stage without a declared move', () => {
  it('has neither its functions nor its tables, and tells no function of it', () => {
    const resources = deployed([]);
    const functions = ofType(resources, 'AWS::Lambda::Function');

    expect(functions.map(folderOf).filter((folder) => onlyWhereATableMoves.includes(folder))).toEqual([]);
    expect(functions.filter((fn) => 'TABLE_MOVES' in environmentOf(fn))).toEqual([]);
    expect(tableOf(resources, /^TableMoves/)).toBeUndefined();
  });
});

describe('a table that moves', () => {
  const app = warrenApp('dev', { tableMoves: [movingOrders] });
  const stacks = synthesise(app);
  const resources = stacks.flatMap(({ template }) => resourcesIn(template));
  const outputs = stacks.flatMap(({ template }) => Object.keys(template.toJSON()['Outputs'] ?? {}));
  const functions = ofType(resources, 'AWS::Lambda::Function');
  const roleOf = (folder: string) =>
    functions.find((fn) => folderOf(fn) === folder)?.Properties['Role']['Fn::GetAtt'][0];
  const may = (folder: string) =>
    ofType(resources, 'AWS::IAM::Policy')
      .filter(({ Properties }) => Properties['Roles'].some(({ Ref }: { Ref: string }) => Ref === roleOf(folder)))
      .flatMap((policy) => allowedIn([policy]))
      .map(({ Action, Resource }) => ({ actions: [Action].flat(), on: JSON.stringify(Resource) }));
  const actionsOn = (folder: string, table: RegExp) =>
    [...new Set(may(folder).flatMap(({ actions, on }) => (table.test(on) ? actions : [])))].sort();

  it('keeps the rules that synth refuses by', () => {
    expect(violationsIn(app)).toEqual([]);
  });

  it('has a target of the declared key, with its indexes, and a stream on both', () => {
    const [source, target] = [tableOf(resources, /^Orders[0-9A-F]{8}$/), tableOf(resources, /^OrdersByKey/)];

    expect(target?.Properties['KeySchema']).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(target?.Properties['GlobalSecondaryIndexes']).toEqual(source?.Properties['GlobalSecondaryIndexes']);
    for (const table of [source, target])
      expect(table?.Properties['StreamSpecification']).toEqual({ StreamViewType: 'NEW_IMAGE' });
  });

  it('is known to every function that uses it, with the same rights on both tables, and to no other', () => {
    const told = functions.filter((fn) => 'TABLE_MOVES' in environmentOf(fn)).map(folderOf);

    expect(told.sort()).toEqual(
      [
        'compare-books',
        'daily-bill',
        'fulfilment',
        'merchant-webhook',
        'order-cache-rebuild',
        'order-query',
        'order-saga',
        'order-timeouts',
        'orders',
        'reconcile',
        'refund-desk',
        'stock',
        ...onlyWhereATableMoves,
      ].sort(),
    );
    for (const folder of told.filter((one) => !onlyWhereATableMoves.includes(one))) {
      expect(actionsOn(folder, /OrdersByKey/)).toEqual(actionsOn(folder, /Orders[0-9A-F]{8}/));
      expect(actionsOn(folder, /TableMoves/)).toEqual(['dynamodb:GetItem']);
    }
  });

  it('is found by every function that it is known to', () => {
    const told = functions.filter((fn) => 'TABLE_MOVES' in environmentOf(fn)).map(folderOf);
    const using = told.filter((one) => !onlyWhereATableMoves.includes(one));

    expect(using.filter((folder) => !sourcesOf(folder).some((source) => source.includes('= movedTables(')))).toEqual(
      [],
    );
  });

  it('is only read by the mover, whose writes go to the target; the follower writes both', () => {
    const writes = ['dynamodb:DeleteItem', 'dynamodb:PutItem'];

    expect(actionsOn('table-mover', /Orders[0-9A-F]{8}/)).not.toEqual(expect.arrayContaining(['dynamodb:PutItem']));
    expect(actionsOn('table-mover', /OrdersByKey/)).toEqual(expect.arrayContaining(writes));
    for (const table of [/Orders[0-9A-F]{8}/, /OrdersByKey/])
      expect(actionsOn('table-follower', table)).toEqual(expect.arrayContaining(['dynamodb:BatchGetItem', ...writes]));
  });

  it('lets on-call hear when its mover fails or does not run, and when its writes were closed in vain', () => {
    const metrics = ofType(resources, 'AWS::CloudWatch::Alarm')
      .filter(({ logicalId }) => /^Table(Mover|Writes)/.test(logicalId))
      .map(({ Properties }) => Properties['MetricName']);

    expect(metrics.sort()).toEqual(['Errors', 'Invocations', 'WritesReopened']);
  });

  it('is found by the command line: its move is an output, and who looks may read both tables, and where it is', () => {
    const policies = ofType(resources, 'AWS::IAM::ManagedPolicy').filter(({ Properties }) =>
      Properties['ManagedPolicyName'].endsWith('-read-only'),
    );
    const allowedOn = (policy: TemplateResource, table: RegExp) =>
      policy.Properties['PolicyDocument'].Statement.flatMap(
        ({ Action, Resource }: { Action: string | string[]; Resource: unknown }) =>
          table.test(JSON.stringify(Resource)) ? Action : [],
      ).sort();

    expect(policies).toHaveLength(1);
    for (const policy of policies) {
      expect(allowedOn(policy, /OrdersByKey/)).toEqual(['dynamodb:GetItem', 'dynamodb:Query']);
      expect(allowedOn(policy, /OrdersByKey/)).toEqual(allowedOn(policy, /Orders[0-9A-F]{8}/));
      expect(allowedOn(policy, /TableMoves/)).toEqual(['dynamodb:GetItem']);
    }
    expect(outputs).toContain(declaredMovesOutput);
  });

  it('is followed on both streams, from the beginning of what they have', () => {
    const follower = functions.find((fn) => folderOf(fn) === 'table-follower');
    const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => Properties['FunctionName'].Ref === follower?.logicalId,
    );

    expect(mappings.map(({ Properties }) => Properties['StartingPosition'])).toEqual(['TRIM_HORIZON', 'TRIM_HORIZON']);
    // Writes are closed for longer than it lives.
    expect(follower?.Properties['Timeout']).toBe(10);
  });
});

// worked example
describe('the ledger, while it moves', () => {
  const to = { name: 'LedgerByKey', partitionKey: { name: 'pk', from: 'entry#{out_trade_no}' } };
  const resources = deployed([{ table: 'Ledger', to }]);

  it('tells its balance of what is written on either side', () => {
    const fn = ofType(resources, 'AWS::Lambda::Function').find((one) => folderOf(one) === 'ledger-balance');
    const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(
      ({ Properties }) => Properties['FunctionName'].Ref === fn?.logicalId,
    );

    expect(fn && environmentOf(fn)).toHaveProperty('TABLE_MOVES');
    expect(mappings.map(({ Properties }) => JSON.stringify(Properties['EventSourceArn']))).toEqual([
      expect.stringMatching(/Ledger[0-9A-F]{8}/),
      expect.stringContaining('LedgerByKey'),
    ]);
  });
});

describe('a move that cannot be', () => {
  it.each<[string, readonly TableMove[], RegExp]>([
    ['of a table that is not there', [{ ...movingOrders, table: 'Order' }], /there is no table Order to move/],
    ['to the name of another table', [change({ name: 'Ledger' })], /there is a table of that name/],
    ['of a table that moves already', [movingOrders, change({ name: 'Other' })], /Orders has two moves/],
    [
      'to a key that the source does not have',
      [change({ partitionKey: 'mchid' })],
      /\{mchid\} is not of the key of Orders/,
    ],
    [
      'to a key that two items could share',
      [change({ partitionKey: { name: 'pk', from: 'all' } })],
      /\{out_trade_no\} stands alone in no part/,
    ],
    [
      'that gives an attribute another meaning',
      [change({ partitionKey: { name: 'out_trade_no', from: 'x{out_trade_no}' } })],
      /out_trade_no has another meaning in Orders/,
    ],
    ['of a table whose functions do not ask where it is', [{ ...movingOrders, table: 'Outbox' }], /movable are/],
  ])('is refused: one %s', (_, tableMoves, problem) => {
    expect(() => warrenApp('dev', { tableMoves })).toThrow(problem);
  });
});
