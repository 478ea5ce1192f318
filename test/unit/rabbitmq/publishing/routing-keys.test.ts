import type { Headers } from '../../../../rabbitmq/message.ts';
import { ChannelError } from '../../../../rabbitmq/publishing/channel-error.ts';
import { routingKeysOf } from '../../../../rabbitmq/publishing/routing-keys.ts';

const errorOf = (headers: Headers): unknown => {
  try {
    return routingKeysOf('key', headers);
  } catch (error) {
    return error;
  }
};

describe('the routing keys of a message', () => {
  it('are its routing key, then CC, then BCC (rule 4.1.9)', () => {
    expect(routingKeysOf('key', { BCC: ['hidden'], CC: ['copy', 'other'], cc: ['not this one'] })).toEqual([
      'key',
      'copy',
      'other',
      'hidden',
    ]);
    expect(routingKeysOf('', {})).toEqual(['']);
    expect(routingKeysOf('key', { CC: [], BCC: [] })).toEqual(['key']);
  });

  it.each(['CC', 'BCC'])('cannot be told when %s is no array: channel error 406 (rule 4.5.9)', (header) => {
    for (const value of ['copy', 1, true, { key: 'copy' }]) {
      const error = errorOf({ [header]: value });

      expect(error).toBeInstanceOf(ChannelError);
      expect(error).toMatchObject({
        replyCode: 406,
        replyText: expect.stringMatching(
          `^PRECONDITION_FAILED - invalid message: {unacceptable_type_in_header,"${header}",`,
        ),
      });
    }
  });

  it('cannot be told either when CC is there and void (rule 4.5.9)', () => {
    expect(errorOf({ CC: null })).toMatchObject({ replyCode: 406 });
  });

  it('include the strings of a CC that holds other things too', () => {
    expect(errorOf({ CC: ['copy', 5, null, ['x']] })).toEqual(['key', 'copy']);
  });
});
