import { shown } from './properties.ts';
import { defineRule } from './rule.ts';

/** An SQS mapping joins a queue and a function of this app; of any other, no rule could be checked, and none may pass unseen. */
export const eventSource = defineRule({
  id: 'Warren-EventSource',
  subjects: (app) => app.mappings,
  path: ({ mapping }) => mapping.path,
  refusals: [
    {
      condition: ({ queue }) => queue === undefined,
      problem: ({ mapping }) => `the event source ${shown(mapping.properties['EventSourceArn'])} is not known at synth`,
      fix: () =>
        'consume a queue that this app creates, and pass the queue itself rather than a parameter or an imported ARN',
    },
    {
      condition: ({ fn }) => fn === undefined,
      problem: ({ mapping }) => `the function ${shown(mapping.properties['FunctionName'])} is not known at synth`,
      fix: () =>
        'map to a function that this app creates, and pass the function itself rather than a parameter or an imported ARN',
    },
  ],
});
