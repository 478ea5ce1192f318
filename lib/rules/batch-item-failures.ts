import type { Resource } from './app-resources.ts';
import { at, knownText, shown } from './properties.ts';
import { defineRule } from './rule.ts';

/**
 * Without partial batch responses one failed record fails its whole batch: the others run again, and spend receives they did not earn.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export const batchItemFailures = defineRule({
  id: 'Warren-BatchItemFailures',
  subjects: (app) => app.mappings,
  path: ({ mapping }) => mapping.path,
  refusals: [
    {
      condition: ({ mapping }) => !responseTypesOf(mapping).includes('ReportBatchItemFailures'),
      problem: ({ mapping }) =>
        `FunctionResponseTypes is ${shown(mapping.properties['FunctionResponseTypes'])}, so one failed record fails its whole batch`,
      fix: () => 'set FunctionResponseTypes to ["ReportBatchItemFailures"] (reportBatchItemFailures: true)',
    },
  ],
});

function responseTypesOf(mapping: Resource): string[] {
  return at(mapping.properties, 'FunctionResponseTypes').map((type) =>
    knownText(mapping, 'FunctionResponseTypes', type),
  );
}
