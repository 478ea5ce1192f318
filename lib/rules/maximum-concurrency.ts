import type { AppModel, Consumption } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { at, knownNumber } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * A mapping without MaximumConcurrency polls for more than a reserved concurrency can run. Each throttled batch spends a receive of its
 * messages, which reach the dead-letter queue without ever having failed.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const maximumConcurrency = defineRule({
  id: 'Warren-MaximumConcurrency',
  subjects: (app) => app.consumptions,
  path: ({ mapping }) => mapping.path,
  refusals: [
    {
      condition: ({ mapping, fn }) => isReserved(fn) && !isLimited(mapping),
      problem: ({ fn }) =>
        `MaximumConcurrency is not set, but ${fn.path} has reserved concurrency ${knownNumber(fn, 'ReservedConcurrentExecutions')}`,
      fix: ({ fn }) =>
        `set ScalingConfig.MaximumConcurrency to at most ${knownNumber(fn, 'ReservedConcurrentExecutions')}, or drop the reservation`,
    },
  ],
});

/** The same page asks for a maximum concurrency not above the reserved one; of a function with several queues, the sum counts. */
export const reservedConcurrency = defineRule({
  id: 'Warren-ReservedConcurrency',
  subjects: reservedFunctions,
  path: ({ fn }) => fn.path,
  refusals: [
    {
      condition: ({ fn, mappings }) => sumOf(mappings) > knownNumber(fn, 'ReservedConcurrentExecutions'),
      problem: ({ fn, mappings }) =>
        `reserved concurrency is ${knownNumber(fn, 'ReservedConcurrentExecutions')}, but its mappings may run ${sumOf(mappings)} ` +
        `batches at once (${mappings.map(({ path }) => path).join(', ')})`,
      fix: ({ mappings }) => `reserve at least ${sumOf(mappings)}, or lower MaximumConcurrency of the mappings`,
    },
  ],
});

function reservedFunctions({ consumptions }: AppModel) {
  const limited = consumptions.filter(({ fn, mapping }: Consumption) => isReserved(fn) && isLimited(mapping));
  return [...Map.groupBy(limited, ({ fn }) => fn)].map(([fn, ofFunction]) => ({
    fn,
    mappings: ofFunction.map(({ mapping }) => mapping),
  }));
}

const isReserved = (fn: Resource) => fn.properties['ReservedConcurrentExecutions'] !== undefined;
const isLimited = ({ properties }: Resource) => at(properties, 'ScalingConfig', 'MaximumConcurrency').length > 0;
const sumOf = (mappings: readonly Resource[]) =>
  mappings.reduce((sum, mapping) => sum + knownNumber(mapping, 'ScalingConfig.MaximumConcurrency'), 0);
