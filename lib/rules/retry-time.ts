import type { AppModel, Consumption } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { at, knownNumber } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * All retries a consumer promises fit into the time its queue keeps a message. Otherwise one that always fails never reaches its delivery limit:
 * it becomes an exception for its age, and its dead-letter exchange never hears of it.
 */
export const retryTime = defineRule({
  id: 'Warren-RetryTime',
  subjects: ({ consumptions }: AppModel) =>
    consumptions.filter(({ fn }) => ['RETRY_MAX_SECONDS', 'KEEP_AFTER_SECONDS'].every((name) => isSet(fn, name))),
  path: ({ fn }) => fn.path,
  refusals: [
    {
      condition: ({ fn }) => retrySeconds(fn) > variable(fn, 'KEEP_AFTER_SECONDS'),
      problem: ({ fn, queue }: Consumption) =>
        `its ${variable(fn, 'DELIVERY_LIMIT')} retries take ${retrySeconds(fn)} s, but a message of ${queue.path} becomes an exception ` +
        `after ${variable(fn, 'KEEP_AFTER_SECONDS')} s, before SQS deletes it`,
      fix: ({ fn }) =>
        scheduleOf(fn).length > 0
          ? 'shorten its retrySchedule in lib/config.ts'
          : `lower its retryMax in lib/config.ts to at most ${Math.floor(variable(fn, 'KEEP_AFTER_SECONDS') / variable(fn, 'DELIVERY_LIMIT'))} s, or its deliveryLimit`,
    },
    {
      // The last step would be taken again and again, and the time of that is nowhere.
      condition: ({ fn }) => scheduleOf(fn).length > 0 && scheduleOf(fn).length < variable(fn, 'DELIVERY_LIMIT'),
      problem: ({ fn }) =>
        `its schedule has ${scheduleOf(fn).length} steps for ${variable(fn, 'DELIVERY_LIMIT')} retries`,
      fix: () => 'let its retrySchedule in lib/config.ts have a step for each, or leave its deliveryLimit out',
    },
    {
      condition: ({ fn }) => scheduleOf(fn).some((step) => step > longestStepSeconds),
      problem: ({ fn }) =>
        `a step of its schedule takes ${Math.max(...scheduleOf(fn))} s, and SQS hides no message for over ${longestStepSeconds} s`,
      fix: () => 'let each step of its retrySchedule in lib/config.ts take at most twelve hours',
    },
  ],
});

/** Twelve hours (SQS API reference, ChangeMessageVisibility). */
const longestStepSeconds = 43_200;

/** The sum of min(min × k, max) over all retries k, or of the steps of its schedule that they take. */
function retrySeconds(fn: Resource): number {
  const steps = scheduleOf(fn).slice(0, variable(fn, 'DELIVERY_LIMIT'));
  if (steps.length > 0) return steps.reduce((sum, step) => sum + step, 0);
  const [retries, min, max] = ['DELIVERY_LIMIT', 'RETRY_MIN_SECONDS', 'RETRY_MAX_SECONDS'].map((name) =>
    variable(fn, name),
  ) as [number, number, number];
  const growing = min > 0 ? Math.min(Math.floor(max / min), retries) : retries;
  return (min * growing * (growing + 1)) / 2 + (retries - growing) * max;
}

const schedule = 'RETRY_SCHEDULE_SECONDS';
const scheduleOf = (fn: Resource): number[] =>
  at(fn.properties, 'Environment', 'Variables', schedule).flatMap((steps) =>
    String(steps).split(',').filter(Boolean).map(Number),
  );
const variable = (fn: Resource, name: string): number => knownNumber(fn, `Environment.Variables.${name}`);
const isSet = (fn: Resource, name: string): boolean => at(fn.properties, 'Environment', 'Variables', name).length > 0;
