import { stages } from '../../lib/stages.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

// docs/powertools.md lists them all.
describe('the pitfalls of Powertools Idempotency', () => {
  it.each(stages)('P17 each key is a partition of its own, which no other key slows down: %s', (stage) => {
    const tables = ofType(
      synthesise(warrenApp(stage)).flatMap(({ template }) => resourcesIn(template)),
      'AWS::DynamoDB::GlobalTable',
    );
    const idempotency = tables.filter(({ logicalId }) => logicalId.startsWith('Idempotency'));

    expect(idempotency.map(({ Properties }) => Properties['KeySchema'])).toEqual([
      [{ AttributeName: 'id', KeyType: 'HASH' }],
    ]);
  });
});
