import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import type { Outcome } from '../../lambdas/shared/consumer/settlement.ts';
import { consumerSections, handledOutcomes } from '../../lib/functions/dashboard-sections.ts';
import { appResources } from '../../lib/rules/app-resources.ts';
import { metricsOn } from '../../lib/rules/dashboard-metrics.ts';
import { stages } from '../../lib/stages.ts';
import { queuesPerStack } from '../../rabbitmq/plan/plan-topology.ts';
import { functionFolders, sourcesOf } from './support/function-sources.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

interface Emitted {
  readonly metric: string;
  readonly dimensions: string;
}

/** `meter.count('Name', { dimension, dimension: value })` and `meter.measure('Name', seconds)`, as sources have it. */
function emittedIn(source: string): Emitted[] {
  return [...source.matchAll(/\.(?:count|measure)\('([A-Z]\w+)'(?:, (?:\{([^}]*)\}|[^{}']*))?\)[;,]/g)].map(
    ([, metric = '', given = '']) => ({
      metric,
      dimensions: dimensionsOf(given.split(',').map((one) => one.split(':')[0]?.trim() ?? '')),
    }),
  );
}

/** Powertools adds the function's name as `service`. */
function dimensionsOf(names: readonly string[]): string {
  return ['service', ...names.filter(Boolean)].sort().join();
}

const emitted = new Map(functionFolders.map((folder) => [folder, sourcesOf(folder).flatMap(emittedIn)]));

const shownBy = (...args: Parameters<typeof warrenApp>) =>
  appResources(warrenApp(...args))
    .ofType('AWS::CloudWatch::Dashboard')
    .flatMap(metricsOn);

describe.each(stages)('the dashboard of stage %s', (stage) => {
  const own = shownBy(stage).filter(({ namespace }) => namespace === 'Warren');

  it('shows no metric that nobody emits: its function counts it, with just these dimensions', () => {
    expect(own.length).toBeGreaterThan(20);
    for (const { metricName: metric, dimensions } of own) {
      const service = String(dimensions.get('service'));
      expect({ service, emits: emitted.get(service) }).toMatchObject({
        service,
        emits: expect.arrayContaining([
          { metric, dimensions: dimensionsOf([...dimensions.keys()].filter(notService)) },
        ]),
      });
    }
  });

  it('asks for no value of a dimension that its function does not know', () => {
    for (const { dimensions } of own) {
      const sources = sourcesOf(String(dimensions.get('service'))).join('\n');
      const values = [...dimensions].filter(([name]) => notService(name) && name !== 'queue').map(([, value]) => value);
      for (const value of values) expect(sources).toContain(`'${value}'`);
    }
  });
});

const notService = (name: string) => name !== 'service';

describe('the dashboard of prod', () => {
  const shown = shownBy('prod');
  const own = shown.filter(({ namespace }) => namespace === 'Warren');

  it('shows every metric that functions emit', () => {
    // One line per queue that refuses what is over its length, and publisher of it: it is counted to be searched for.
    // Nor what only a stage has where a table moves, which has an alarm of its own.
    const notShown = ['QueueDepthUnknown', 'WritesReopened'];
    const metrics = new Set([...emitted.values()].flat().map(({ metric }) => metric));

    expect(metrics.size).toBeGreaterThan(8);
    expect([...metrics].filter((one) => !notShown.includes(one)).sort()).toEqual(
      [...new Set(own.map(({ metricName }) => metricName))].sort(),
    );
  });

  it('shows every outcome of a message', () => {
    const all: Readonly<Record<Outcome, true>> = {
      ack: true,
      duplicate: true,
      retry: true,
      postponed: true,
      held: true,
      anew: true,
      behind: true,
      lost: true,
      retention: true,
      rejected: true,
      expired: true,
      delivery_limit: true,
    };

    expect([...handledOutcomes].sort()).toEqual(Object.keys(all).sort());
  });

  it('shows how far behind the outbox relay is', () => {
    const ages = shown.filter(({ metricName }) => metricName === 'IteratorAge');

    expect(JSON.stringify(ages.map(({ dimensions }) => [...dimensions]))).toContain('OutboxRelay');
  });

  it('shows whether each alarm of the stage rings', () => {
    const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
    const body = JSON.stringify(ofType(resources, 'AWS::CloudWatch::Dashboard').map(({ Properties }) => Properties));
    const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');
    const missing = alarms.filter(
      ({ logicalId, Properties }) => !body.includes(`:alarm:${Properties['AlarmName']}\\`) && !body.includes(logicalId),
    );

    expect(missing.map(({ logicalId }) => logicalId)).toEqual([]);
  });
});

describe('a consumer of partitions', () => {
  const sources = ['shard-0', 'shard-1'].map((name) => ({ plan: { queue: { name } } }));
  const widgets = consumerSections([{ folder: 'shards', sources }])
    .flatMap(({ rows }) => rows.flat())
    .flatMap((widget): unknown[] => widget.toJson())
    .map((widget) => JSON.stringify(widget));
  const showing = (title: string) => widgets.filter((widget) => widget.includes(`"title":"${title}`)).join();

  it.each(['shard-0', 'shard-1'])('shows what became of the messages of each of them: %s', (queue) => {
    const counted = (outcome: string) =>
      `"MessagesHandled","outcome","${outcome}","queue","${queue}","service","shards"`;

    for (const outcome of handledOutcomes) {
      expect(showing(`shards, ${queue}: messages`)).toContain(counted(outcome));
    }
    expect(showing('Messages with an effect')).toContain(counted('ack'));
    expect(showing('Messages with an effect')).toContain(`"label":"shards, ${queue} ack"`);
    expect(showing('Minutes with an open circuit')).toContain(`"queue","${queue}"`);
  });
});

describe('with many queues', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'warren-dashboards-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [queuesPerStack, ['warren-dev']],
    [queuesPerStack + 1, ['warren-dev', 'warren-dev-queues-1', 'warren-dev-queues-2']],
  ])('%i of them have a row each, on dashboards %j that CloudWatch and CloudFormation take', (count, names) => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const queues = Array.from({ length: count }, (_, at) => ({ vhost: '/', name: `${'long-name.'.repeat(5)}${at}` }));
    const topology = path.join(folder, `${count}.json`);
    writeFileSync(topology, JSON.stringify({ queues }));
    const app = warrenApp('dev', { topology });

    // Synth refuses a queue without a row.
    const templates = synthesise(app).map(({ template }) => template);

    const dashboards = templates.flatMap((one) => ofType(resourcesIn(one), 'AWS::CloudWatch::Dashboard'));
    expect(dashboards.map(({ Properties }) => Properties['DashboardName']).sort()).toEqual(names);
    for (const dashboard of appResources(app).ofType('AWS::CloudWatch::Dashboard')) {
      // CloudWatch, service quotas.
      expect(metricsOn(dashboard).length).toBeLessThanOrEqual(2_500);
      expect(JSON.stringify(dashboard.properties).match(/\\"type\\":/g)?.length).toBeLessThanOrEqual(500);
    }
    // CloudFormation, quotas: a template in S3.
    for (const template of templates) expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);
  });
});
