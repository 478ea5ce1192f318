import type { HeaderValue } from '../../../../rabbitmq/message.ts';
import { xDelayMs } from '../../../../rabbitmq/publishing/x-delay.ts';
import { exchange } from '../topology-builders.ts';

const delayed = exchange('later', 'fanout', { delayed: true });
const typed = (type: string, value: HeaderValue): HeaderValue => ({ '!': type, value });

describe('the delay a message asks a delayed exchange for (rule 4.11.5)', () => {
  it.each<[HeaderValue, number]>([
    [5000, 5000],
    [typed('int', 5000), 5000],
    [typed('uint8', 200), 200],
    [typed('long', 2 ** 32), 2 ** 32],
    ['5000', 5000],
    ['+5000', 5000],
    [typed('binary', Buffer.from('5000').toString('base64')), 5000],
    [1500.9, 1500],
    [typed('double', 5000), 5000],
    [typed('float', 1.5), 1],
  ])('%j is %i ms', (header, delayMs) => {
    expect(xDelayMs({ headers: { 'x-delay': header } }, delayed)).toBe(delayMs);
  });

  it.each<[HeaderValue]>([
    [0],
    [-5000],
    [0.9],
    ['-1'],
    ['soon'],
    ['1.5'],
    [''],
    [true],
    [null],
    [[5000]],
    [{ value: 5000 }],
    [typed('binary', '?')],
    [typed('timestamp', 5000)],
    [typed('decimal', { digits: 5000, places: 0 })],
  ])('%j is none', (header) => {
    expect(xDelayMs({ headers: { 'x-delay': header } }, delayed)).toBe(0);
  });

  it('is none without the header, and of any other exchange', () => {
    const headers = { 'x-delay': 5000 };

    expect(xDelayMs({ headers: {} }, delayed)).toBe(0);
    expect(xDelayMs({ headers }, exchange('now', 'fanout'))).toBe(0);
    expect(xDelayMs({ headers }, undefined)).toBe(0);
  });
});
