import type { Headers } from '../../../../rabbitmq/message.ts';
import { ChannelError } from '../../../../rabbitmq/publishing/channel-error.ts';
import { bodyBytesLimits, type PublishRequest, publish } from '../../../../rabbitmq/publishing/publish.ts';
import { routerOf } from '../routing/router-of.ts';
import { bindQueue, exchange, queue } from '../topology-builders.ts';

const router = routerOf({
  exchanges: [
    exchange('x', 'direct'),
    exchange('alternated', 'direct', { alternateExchange: 'all' }),
    exchange('all', 'fanout'),
    exchange('by-header', 'headers'),
    exchange('by-id', 'x-consistent-hash', { hashOn: { property: 'message_id' } }),
    exchange('inside', 'fanout', { internal: true }),
  ],
  queues: [queue('a'), queue('b')],
  bindings: [
    bindQueue('x', 'b', 'key'),
    bindQueue('x', 'a', 'key'),
    bindQueue('all', 'a'),
    { ...bindQueue('by-header', 'a'), arguments: { tenant: 'shop' } },
    ...[bindQueue('by-id', 'a', '1'), bindQueue('by-id', 'b', '1')],
  ],
});

const decide = (changes: Partial<PublishRequest>) =>
  publish(router, { vhost: '/', exchange: 'x', routingKey: 'key', headers: {}, ...changes });

function errorOf(changes: Partial<PublishRequest>): string {
  const decision = decide(changes);
  if (!('error' in decision)) return 'none';
  expect(decision.error).toBeInstanceOf(ChannelError);
  return decision.error.message;
}

describe('a body', () => {
  it('of 16 MiB is taken, of a byte more is 406, before the exchange is looked for (rule 4.5.2)', () => {
    expect(errorOf({ bodyBytes: 16_777_216 })).toBe('none');
    expect(errorOf({ bodyBytes: 16_777_217, exchange: 'gone' })).toBe(
      '406 PRECONDITION_FAILED - message size 16777217 is larger than configured max size 16777216',
    );
  });

  it('may have another limit, as RabbitMQ’s max_message_size (rule 4.5.2)', () => {
    expect(errorOf({ bodyBytes: 536_870_912, maxBodyBytes: bodyBytesLimits.most })).toBe('none');
    expect(errorOf({ bodyBytes: 11, maxBodyBytes: 10 })).toBe(
      '406 PRECONDITION_FAILED - message size 11 is larger than configured max size 10',
    );
  });
});

describe('publishing a message', () => {
  it('names the queues that get it, sorted (rule 4.5.13)', () => {
    expect(decide({})).toEqual({ queues: ['a', 'b'], returned: false });
    expect(decide({ exchange: 'by-header', headers: { tenant: 'shop' } })).toEqual({ queues: ['a'], returned: false });
  });

  it('routes by CC and BCC too (rules 4.1.9, 4.5.9)', () => {
    expect(decide({ exchange: '', routingKey: 'none', headers: { CC: ['a'], BCC: ['b'] } })).toMatchObject({
      queues: ['a', 'b'],
    });
  });

  it('routes by properties', () => {
    const queues = ['1', '2', '3', '4', '5', '6', '7', '8'].map((message_id) =>
      JSON.stringify(decide({ exchange: 'by-id', properties: { message_id } })),
    );

    expect(new Set(queues).size).toBe(2);
  });

  it('returns it only when it is mandatory and no queue gets it (rules 4.5.17, 4.5.18)', () => {
    const returned = (changes: Partial<PublishRequest>) => decide({ routingKey: 'none', ...changes });

    expect(returned({ mandatory: true })).toEqual({ queues: [], returned: true });
    expect(returned({ mandatory: false })).toEqual({ queues: [], returned: false });
    expect(returned({})).toEqual({ queues: [], returned: false });
    expect(decide({ mandatory: true })).toEqual({ queues: ['a', 'b'], returned: false });
  });

  it('counts a message that an alternate exchange took as routed (rule 4.4.9)', () => {
    expect(decide({ exchange: 'alternated', mandatory: true })).toEqual({ queues: ['a'], returned: false });
  });
});

describe('a channel error', () => {
  it('is 404 for a missing exchange or vhost (rule 4.5.4)', () => {
    expect(errorOf({ exchange: 'gone' })).toBe("404 NOT_FOUND - no exchange 'gone' in vhost '/'");
    expect(errorOf({ vhost: 'gone' })).toBe("404 NOT_FOUND - no exchange 'x' in vhost 'gone'");
  });

  it('is 403 for an internal exchange (rule 4.5.5)', () => {
    expect(errorOf({ exchange: 'inside' })).toBe(
      "403 ACCESS_REFUSED - cannot publish to internal exchange 'inside' in vhost '/'",
    );
  });

  it.each([
    [{ CC: 'text' }, 'CC', 'longstr'],
    [{ BCC: 5 }, 'BCC', 'long'],
    [{ CC: null }, 'CC', 'void'],
    [{ CC: {}, BCC: 5 }, 'CC', 'table'],
  ] as const)('is 406 for the headers %j (rule 4.5.9)', (headers: Headers, name, type) => {
    expect(errorOf({ headers })).toBe(
      `406 PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"${name}",${type}}`,
    );
  });

  it('is 406 for an invalid expiration (rule 4.5.7)', () => {
    expect(errorOf({ expiration: '1s' })).toBe(
      `406 PRECONDITION_FAILED - invalid expiration '1s': {leftover_string,"s"}`,
    );
    expect(decide({ expiration: '60000' })).toMatchObject({ queues: ['a', 'b'] });
  });

  it('is 406 for a key or a name over 255 bytes of UTF-8, where CC may be longer (rules 4.1.7, 4.11.1)', () => {
    expect(errorOf({ routingKey: 'ü'.repeat(128) })).toMatch(/^406 .*routing key of 256 bytes/);
    expect(errorOf({ exchange: 'x'.repeat(256) })).toMatch(/^406 .*exchange name of 256 bytes/);
    expect(decide({ routingKey: 'ü'.repeat(127) })).toMatchObject({ queues: [] });
    expect(decide({ routingKey: 'x'.repeat(255) })).toMatchObject({ queues: [] });
    expect(decide({ headers: { CC: ['x'.repeat(300)] } })).toMatchObject({ queues: ['a', 'b'] });
  });

  it('is told in at most 255 bytes, as AMQP’s short string', () => {
    const around = "NOT_FOUND - no exchange '' in vhost '/'".length;
    const textOf = (bytes: number) => errorOf({ exchange: 'x'.repeat(bytes - around) });

    expect(textOf(255)).toMatch(/^404 NOT_FOUND - no exchange 'x+' in vhost '\/'$/);
    expect(textOf(256)).toMatch(/^404 NOT_FOUND - no exchange 'x+' in vhost\.\.\.$/);
    expect(textOf(256)).toHaveLength('404 '.length + 255);
  });

  it('is the first that applies: key, exchange, internal, expiration, headers (rules 4.5.4, 4.5.5, 4.5.7, 4.5.9)', () => {
    const wrong = { exchange: 'gone', routingKey: 'x'.repeat(256), expiration: 'x', headers: { CC: 1 } };

    expect(errorOf(wrong)).toMatch(/^406 .*routing key/);
    expect(errorOf({ ...wrong, routingKey: '' })).toMatch(/^404/);
    expect(errorOf({ ...wrong, routingKey: '', exchange: 'inside' })).toMatch(/^403/);
    expect(errorOf({ ...wrong, routingKey: '', exchange: 'x' })).toMatch(/^406 .*expiration/);
    expect(errorOf({ headers: { CC: 1 } })).toMatch(/^406 .*unacceptable_type_in_header/);
  });
});
