import type { Lint } from './model.ts';

/** Classic queues only (rule 4.11.4). */
export const overflowOfQuorumQueues: Lint = ({ topology, pathOfArgument }) =>
  topology.queues
    .filter(({ type, overflow }) => type === 'quorum' && overflow === 'reject-publish-dlx')
    .map((queue) => ({
      class: 'warning',
      code: 'overflow-of-another-type',
      path: pathOfArgument(queue, 'queues', 'x-overflow'),
      message: `'${queue.name}' is a quorum queue, and those do not support reject-publish-dlx (rule 4.11.4).`,
      fix: 'write reject-publish, or declare a classic queue.',
    }));
