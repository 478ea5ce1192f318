import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { wellFormedApp } from './well-formed-app.ts';

function refusalsOf(limit: string): string[] {
  const { app, fn } = wellFormedApp();
  fn.addEnvironment('MAX_BODY_BYTES', limit);
  return violationsIn(app).map(({ rule, problem }) => `${rule}: ${problem}`);
}

describe('the largest body a deployment takes', () => {
  it.each(['1', '16777216', '536870912'])('may be %s bytes (rule 4.5.2)', (limit) => {
    expect(refusalsOf(limit)).toEqual([]);
  });

  it.each(['0', '-1', '536870913', '1.5'])('is refused when it is %s', (limit) => {
    expect(refusalsOf(limit)).toEqual([
      `Warren-MaxBodyBytes: MAX_BODY_BYTES is ${limit}, and RabbitMQ takes whole numbers from 1 to 536870912`,
    ]);
  });

  it('is refused when it is no number', () => {
    expect(refusalsOf('16 MiB')).toEqual([expect.stringContaining('is not known at synth')]);
  });
});
