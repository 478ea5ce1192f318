import { bodyBytesLimits } from '../../rabbitmq/publishing/publish.ts';
import type { Resource } from './app-resources.ts';
import { at, knownNumber } from './properties.ts';
import { defineRule } from './rule.ts';

const LIMIT = 'MAX_BODY_BYTES';

/** RabbitMQ's `max_message_size` is at most 512 MiB, and no function starts with more (rule 4.5.2). https://www.rabbitmq.com/docs/configure */
export const maxBodyBytes = defineRule({
  id: 'Warren-MaxBodyBytes',
  subjects: (app) =>
    app.resources
      .ofType('AWS::Lambda::Function')
      .filter((fn) => at(fn.properties, 'Environment', 'Variables', LIMIT).length > 0),
  path: ({ path }) => path,
  refusals: [
    {
      condition: (fn) => !isLimit(limitOf(fn)),
      problem: (fn) => `${LIMIT} is ${limitOf(fn)}, and RabbitMQ takes whole numbers from 1 to ${bodyBytesLimits.most}`,
      fix: () => `set publishing.maxBodyBytes in lib/config.ts to at most ${bodyBytesLimits.most} (512 MiB)`,
    },
  ],
});

const limitOf = (fn: Resource): number => knownNumber(fn, `Environment.Variables.${LIMIT}`);
const isLimit = (bytes: number): boolean => Number.isInteger(bytes) && bytes >= 1 && bytes <= bodyBytesLimits.most;
