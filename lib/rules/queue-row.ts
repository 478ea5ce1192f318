import { type AppModel, queueIn } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { metricsOn } from './dashboard-metrics.ts';
import { defineRule } from './rule.ts';

/** What is on no dashboard is seen by nobody until it rings, and then cannot be compared with an hour ago. */
export const queueRow = defineRule({
  id: 'Warren-QueueRow',
  subjects: queuesWithDashboards,
  path: ({ queue }) => queue.path,
  refusals: [
    {
      condition: ({ queue, shownIn }) => !shownIn().has(queue),
      problem: ({ dashboards }) =>
        `no dashboard shows how many messages are in this queue (ApproximateNumberOfMessagesVisible); there are ${dashboards.length}: ${dashboards.map(({ path }) => path).join(', ') || 'none'}`,
      fix: () =>
        'give it a row (queueRow of lib/constructs/queue-rows.ts) on a StageDashboard; queues of the stateful and the stateless stack, and those of the topology, get theirs in lib/functions/dashboard.ts',
    },
  ],
});

function queuesWithDashboards(app: AppModel) {
  const dashboards = app.resources.ofType('AWS::CloudWatch::Dashboard');
  let shown: ReadonlySet<Resource> | undefined;
  const shownIn = () => {
    shown ??= new Set(dashboards.flatMap((dashboard) => queuesOn(app, dashboard)));
    return shown;
  };
  return app.queues.map((queue) => ({ queue, dashboards, shownIn }));
}

function queuesOn({ resources }: AppModel, dashboard: Resource): Resource[] {
  return metricsOn(dashboard)
    .filter(
      ({ namespace, metricName }) => namespace === 'AWS/SQS' && metricName === 'ApproximateNumberOfMessagesVisible',
    )
    .flatMap(({ dimensions }) => queueIn(resources, dimensions.get('QueueName'), dashboard) ?? []);
}
