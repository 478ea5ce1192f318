import { SweepIncompleteError } from '../../../../lambdas/outbox-sweep/handler.ts';
import { rejectionOf } from '../builders.ts';
import { refused, unknown } from '../shared/broker/broker-on-fakes.ts';
import { row } from '../shared/outbox/memory-outbox.ts';
import { outboxOn } from '../shared/outbox/outbox-on-fakes.ts';
import { QueuesByEvent } from '../shared/outbox/queues-by-event.ts';

const toLedger = { routingKeys: ['ledger.x'] };
const ledgerRows = (...ids: string[]) => ids.map((id) => row(id, toLedger));

describe('rows that wait', () => {
  it('are delivered in their order once their queue takes them, and nothing is held any more', async () => {
    const rows = ledgerRows('a1', 'a2', 'a3');
    const answers: Record<string, typeof refused> = { 'ledger a1': refused };
    const queues = new QueuesByEvent(answers);
    const { stream, sweep, table, holds } = outboxOn(queues, rows);
    await stream(...rows);

    await sweep();
    expect(queues.copies).toEqual([]);
    delete answers['ledger a1'];
    await sweep();

    expect(queues.copies).toEqual(['ledger a1', 'ledger a2', 'ledger a3']);
    expect(table.fates()).toEqual(['a1 relayed', 'a2 relayed', 'a3 relayed']);
    expect(holds.waiting()).toEqual({});
  });

  it('are taken up where they got stuck', async () => {
    const rows = ledgerRows('a1', 'a2', 'a3');
    const answers: Record<string, typeof refused> = { 'ledger a1': refused, 'ledger a3': unknown };
    const { stream, sweep, holds } = outboxOn(new QueuesByEvent(answers), rows);
    await stream(...rows);

    delete answers['ledger a1'];
    await sweep();

    expect(holds.waiting()).toEqual({ a: ['a3'] });
  });

  it('are taken up by chance: those that took all the time of a run are not always in front', async () => {
    const aggregates = Array.from({ length: 20 }, (_, at) => `order-${at}`);
    const rows = aggregates.map((aggregate) => ({ ...row('e', toLedger), aggregate }));
    const { sweep, holds, chance } = outboxOn(new QueuesByEvent({}), rows);
    for (const { aggregate, event_id } of rows) await holds.hold(aggregate, [event_id]);
    let at = 0;
    chance.next = () => 1 - at++ / 100;
    const begun: string[] = [];
    const settle = holds.settle.bind(holds);
    holds.settle = async (hold, ...rest) => {
      begun.push(hold.aggregate);
      await settle(hold, ...rest);
    };

    await sweep();

    expect(begun.slice(0, 8).sort()).toEqual(aggregates.slice(-8).sort());
    expect(begun).toHaveLength(20);
  });

  it('stay held when one more came to wait while they were delivered: it must not be overtaken', async () => {
    const rows = ledgerRows('a1', 'a2');
    const answers: Record<string, typeof refused> = { 'ledger a1': refused };
    const late = row('a3', toLedger);
    const queues = new QueuesByEvent((copy) => answers[copy]);
    const { stream, sweep, table, holds } = outboxOn(queues, [...rows, late]);
    await stream(...rows);
    delete answers['ledger a1'];
    const relayed = table.relayed.bind(table);
    table.relayed = async (key) => {
      if (key.event_id === 'a2') await stream(late);
      await relayed(key);
    };

    await sweep();
    expect(holds.waiting()).toEqual({ a: ['a1', 'a2', 'a3'] });
    await sweep();

    expect(queues.copies).toEqual(['ledger a1', 'ledger a2', 'ledger a3']);
    expect(holds.waiting()).toEqual({});
  });

  it('are let go when they are gone from the table', async () => {
    const { sweep, holds } = outboxOn(new QueuesByEvent(), []);
    await holds.hold('a', ['a1']);

    await sweep();

    expect(holds.waiting()).toEqual({});
  });

  it('are tried a few at a time, however many wait', async () => {
    const rows = ledgerRows(...Array.from({ length: 30 }, (_, at) => `a${at}`));
    const queues = new QueuesByEvent();
    const { sweep, holds } = outboxOn(queues, rows);
    await holds.hold(
      'a',
      rows.map(({ event_id }) => event_id),
    );

    await sweep();
    expect(queues.copies).toHaveLength(25);
    await sweep();

    expect(queues.copies).toEqual(rows.map(({ event_id }) => `ledger ${event_id}`));
  });
});

describe('what a queue refuses for too long', () => {
  it('becomes an exception that names the queue, and the rows behind it go on', async () => {
    const rows = [row('a1'), ...ledgerRows('a2')];
    const queues = new QueuesByEvent({ 'audit a1': refused });
    const { stream, sweep, table, exceptions, holds, minutesLater } = outboxOn(queues, rows);
    await stream(...rows);

    minutesLater(9);
    await sweep();
    expect(exceptions.reasons()).toEqual([]);
    minutesLater(1);
    await sweep();

    expect(exceptions.reasons()).toEqual(['a1 refused: it is refused by audit: too large']);
    expect(table.fates()).toEqual(['a1 exception', 'a2 relayed']);
    expect(holds.waiting()).toEqual({});
    expect(queues.copies).toEqual(['orders a1', 'ledger a2']);
  });

  it('has its own time: that of the row in front of it does not count', async () => {
    const rows = ledgerRows('a1', 'a2');
    const answers: Record<string, typeof refused> = { 'ledger a1': unknown, 'ledger a2': refused };
    const { stream, sweep, exceptions, minutesLater } = outboxOn(new QueuesByEvent(answers), rows);
    await stream(...rows);
    minutesLater(9);
    delete answers['ledger a1'];
    await sweep();

    minutesLater(9);
    await sweep();

    expect(exceptions.reasons()).toEqual([]);
  });

  it('has its own time also when the row in front of it is given up', async () => {
    const rows = ledgerRows('a1', 'a2', 'a3');
    const { stream, sweep, table, exceptions, holds, minutesLater } = outboxOn(new QueuesByEvent(() => refused), rows);
    await stream(...rows);

    minutesLater(10);
    await sweep();
    expect(table.fates()).toEqual(['a1 exception', 'a2 pending', 'a3 pending']);
    expect(holds.waiting()).toEqual({ a: ['a2', 'a3'] });
    minutesLater(9);
    await sweep();
    expect(exceptions.reasons()).toHaveLength(1);
    minutesLater(1);
    await sweep();

    expect(table.fates()).toEqual(['a1 exception', 'a2 exception', 'a3 pending']);
  });

  it('is not what a queue did not answer about: that is tried for as long as it takes', async () => {
    const rows = ledgerRows('a1');
    const { stream, sweep, exceptions, holds, minutesLater } = outboxOn(
      new QueuesByEvent({ 'ledger a1': unknown }),
      rows,
    );
    await stream(...rows);

    minutesLater(1000);
    await sweep();

    expect(exceptions.reasons()).toEqual([]);
    expect(holds.waiting()).toEqual({ a: ['a1'] });
  });
});

describe('rows that no relay has delivered', () => {
  it('are delivered after a quarter of an hour, in order, and counted until they are', async () => {
    const rows = ledgerRows('a1', 'a2', 'b1');
    const queues = new QueuesByEvent();
    const { sweep, table, meter, minutesLater } = outboxOn(queues, rows);

    minutesLater(14);
    await sweep();
    expect(queues.copies).toEqual([]);
    minutesLater(2);
    await sweep();

    expect(queues.copies.filter((copy) => copy.includes('a'))).toEqual(['ledger a1', 'ledger a2']);
    expect(table.fates()).toEqual(['a1 relayed', 'a2 relayed', 'b1 relayed']);
    expect(meter.counts.filter(([metric]) => metric === 'OutboxRowsOverdue')).toHaveLength(3);
  });

  it('wait behind those that the stream has put there', async () => {
    const rows = ledgerRows('a1', 'a2');
    const queues = new QueuesByEvent({ 'ledger a1': unknown });
    const { stream, sweep, holds, minutesLater } = outboxOn(queues, rows);
    await stream(...rows);

    minutesLater(16);
    await sweep();

    expect(holds.waiting()).toEqual({ a: ['a1', 'a2'] });
  });
});

describe('a run', () => {
  it('whose time is nearly up begins nothing new', async () => {
    const queues = new QueuesByEvent();
    const { sweep, holds } = outboxOn(queues, ledgerRows('a1'));
    await holds.hold('a', ['a1']);

    await sweep(15_000);

    expect(queues.copies).toEqual([]);
    expect(holds.waiting()).toEqual({ a: ['a1'] });
  });

  it('goes on with the others when the tables do not answer for one aggregate, and says so', async () => {
    const queues = new QueuesByEvent();
    const { sweep, table, holds } = outboxOn(queues, ledgerRows('a1', 'b1'));
    await holds.hold('a', ['a1']);
    await holds.hold('b', ['b1']);
    const load = table.load.bind(table);
    table.load = (keys) => (keys[0]?.aggregate === 'a' ? Promise.reject(new Error('throttled')) : load(keys));

    expect(await rejectionOf(sweep())).toEqual(new SweepIncompleteError(1));
    expect(queues.copies).toEqual(['ledger b1']);
  });
});
