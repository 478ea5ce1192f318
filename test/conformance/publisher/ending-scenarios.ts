import { type Scenario, type Step, step } from './scenario.ts';

const late = {
  closing: step('direct', 'key', {}, 'closing'),
  closed: step('direct', 'key', {}, 'closed'),
};
const gone = step('gone', 'key', {}, 'wrong');
const stored = step('direct', 'key', {}, 'stored');

const ends: readonly (readonly [name: string, confirm: boolean, steps: readonly Step[]])[] = [
  ['messages', false, [stored, step('fanout', '', {}, 'both')]],
  // What is acked while its channel is being closed amqplib calls closed, Warren acked.
  ['a missing exchange, with confirms', true, [gone]],
  ['a missing exchange, behind a message', false, [stored, gone]],
];

/** A channel that its publisher closes at once. */
export const endingScenarios: readonly Scenario[] = ends.map(([name, confirm, steps]) => ({
  name: `closed right after publishing ${name}`,
  confirm,
  steps,
  closes: late,
}));
