import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { analyse } from '../../rabbitmq/analyse.ts';
import { stopsDeployment } from '../../rabbitmq/definitions/finding.ts';
import { routingKeysOf } from '../../rabbitmq/publishing/routing-keys.ts';
import { createRouter } from '../../rabbitmq/routing/router.ts';
import { definitionsFiles, type RecordedCase, type Recording, recordedFolder } from './definitions-files.ts';

const recordings = readdirSync(recordedFolder)
  .filter((file) => file.startsWith('routing-'))
  .map((file): Recording => JSON.parse(readFileSync(path.join(recordedFolder, file), 'utf8')));

/** Vhosts are apart in a broker, so one router may hold the vhosts of all files. */
const readings = definitionsFiles.map((file) => analyse(readFileSync(file, 'utf8')));
const router = createRouter(
  {
    dialect: '4.3',
    exchanges: readings.flatMap(({ topology }) => topology.exchanges),
    queues: readings.flatMap(({ topology }) => topology.queues),
    bindings: readings.flatMap(({ topology }) => topology.bindings),
  },
  { random: () => 0 },
);

describe('the definitions the recordings were made from', () => {
  it('can be deployed', () => {
    expect(readings.flatMap(({ findings }) => findings).filter(stopsDeployment)).toEqual([]);
  });
});

describe.each(recordings)('RabbitMQ $rabbitmq_version, recorded', ({ cases }) => {
  it('was asked about a good variety', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
    expect(new Set(cases.map(({ routing_key }) => routing_key)).size).toBeGreaterThanOrEqual(50);
    expect(cases.filter(({ routed }) => !routed).length).toBeGreaterThanOrEqual(50);
    expect(cases.filter(({ queues }) => queues.length > 1).length).toBeGreaterThanOrEqual(50);
  });

  it('routed every message to the queues we route it to', () => {
    expect(cases.map(routedByUs)).toEqual(cases);
  });
});

function routedByUs({ queues: _queues, routed: _routed, ...published }: RecordedCase): RecordedCase {
  const { vhost, exchange, routing_key, cc, bcc } = published;
  const headers = { ...(cc && { CC: cc }), ...(bcc && { BCC: bcc }) };
  const queues = router.route({ vhost, exchange, routingKeys: routingKeysOf(routing_key, headers) });
  return { ...published, queues, routed: queues.length > 0 };
}
