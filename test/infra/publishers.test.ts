import { checkPublishers, ExchangeNotDeclaredError, type PublisherRow } from '../../lib/publishers.ts';
import { isRefusal } from '../../lib/warren-app.ts';
import { errorOf } from '../unit/lambdas/builders.ts';
import { exchange } from '../unit/rabbitmq/topology-builders.ts';

const rows: Record<string, PublisherRow> = {
  refunds: { exchange: 'money' },
  loyalty: { vhost: 'shop', exchange: 'points', deployedWith: 'loyalty' },
};
const money = exchange('money', 'topic');
const points = exchange('points', 'topic', { vhost: 'shop' });

const check =
  (exchanges: (typeof money)[], consumers = ['loyalty']) =>
  () =>
    checkPublishers({ exchanges }, { file: 'definitions.json', consumers }, rows);

describe('an exchange that a function publishes to', () => {
  it('is found in its own vhost', () => {
    expect(check([money, points])).not.toThrow();
  });

  it.each([
    [
      'missing',
      [exchange('mony', 'topic'), points],
      "'refunds' publishes to the exchange 'money', which definitions.json does not declare in vhost '/': did you mean 'mony', 'points' in vhost 'shop'?",
    ],
    [
      'in another vhost',
      [money, exchange('points', 'topic')],
      "'loyalty' publishes to the exchange 'points', which definitions.json does not declare in vhost 'shop': did you mean 'points'",
    ],
    ['internal', [{ ...money, internal: true }, points], 'which definitions.json declares internal: no client may'],
    ['in an empty file', [], "does not declare in vhost '/': it declares none"],
  ])('is refused when it is %s, naming the function and what may be meant', (_, exchanges, said) => {
    const error = errorOf(check(exchanges));

    expect(error).toBeInstanceOf(ExchangeNotDeclaredError);
    expect((error as Error).message).toContain(said);
    expect(isRefusal(error)).toBe(true);
  });

  it('is not asked for when its function is left out', () => {
    expect(check([money], [])).not.toThrow();
  });
});
