import { headersForQueues } from '../../../../rabbitmq/publishing/client-headers.ts';

describe('a client’s headers', () => {
  it('reach queues without BCC; CC and everything else stays (rule 4.5.32)', () => {
    const headers = { BCC: ['hidden'], CC: ['copy'], bcc: 'x' };

    expect(headersForQueues(headers, '4.3')).toEqual({ CC: ['copy'], bcc: 'x' });
  });

  it('tell of deaths that continue in dialect 3.13, and count for nothing since 4.0 (rule 4.6.12)', () => {
    const headers = {
      'x-death': [{ count: 3 }],
      'x-first-death-queue': 'q',
      'x-last-death-queue': 'q',
      'x-deathly': 1,
    };

    expect(headersForQueues(headers, '3.13')).toEqual(headers);
    expect(headersForQueues(headers, '4.0')).toEqual({ 'x-deathly': 1 });
    expect(headersForQueues(headers, '4.3')).toEqual({ 'x-deathly': 1 });
  });
});
