import pMap from 'p-map';
import { type ExitStatus, type Io, printJson } from '../io.ts';
import { count } from '../publish/count.ts';
import { formatTable } from '../table.ts';
import { adviceFor } from './advice.ts';
import type { HotKey, HotKeysDeps, HotKeysOptions, Looked, Place } from './options.ts';

/** Each is some three calls: below what CloudWatch takes a second. */
const parallelPlaces = 4;

/** `warren hot-keys`: the keys that DynamoDB throttled lately, and what to do about them. */
export async function showHotKeys(
  { stage, hours, json }: HotKeysOptions,
  io: Io,
  { reach, now }: HotKeysDeps,
): Promise<ExitStatus> {
  const insights = await reach(stage);
  const to = now();
  const span = { from: new Date(to.getTime() - hours * 3_600_000), to };
  const look = async (place: Place): Promise<Looked> => ({ ...place, ...(await insights.look(place, span)) });
  const looked = await pMap(await insights.places(), look, { concurrency: parallelPlaces });
  if (json) printJson(io, { from: span.from.toISOString(), to: to.toISOString(), places: looked });
  else
    io.stdout.write(
      textOf(looked, hours)
        .map((line) => `${line}\n`)
        .join(''),
    );
  return 0;
}

function textOf(looked: readonly Looked[], hours: number): string[] {
  const hot = looked.flatMap((one) =>
    one.insights === 'on' && one.keys.length > 0 ? [{ ...one, keys: one.keys }] : [],
  );
  const isOn = looked.filter(({ insights }) => insights === 'on');
  const rows = hot.flatMap((place) => place.keys.map((key) => [placeOf(place), keyOf(key), count(key.throttled)]));
  return [
    ...(rows.length > 0 ? formatTable(['table', 'key', 'throttled'], rows) : []),
    ...hot.map((place) => `${placeOf(place)}: ${adviceFor(place)}`),
    ...(rows.length > 0 ? ['docs/hot-keys.md has the limits, and more ways out.'] : []),
    ...(rows.length === 0 && isOn.length > 0
      ? [`No key was throttled in the last ${hours} h, of ${isOn.length} tables and indexes.`]
      : []),
    ...unknown(looked),
  ];
}

/** Where nobody looks, silence says nothing. */
function unknown(looked: readonly Looked[]): string[] {
  const off = looked.filter(({ insights }) => insights === 'off');
  const notReady = looked.flatMap((one) =>
    one.insights === 'not ready' ? [`Contributor Insights of ${placeOf(one)}: ${one.reason}.`] : [],
  );
  if (off.length === 0) return notReady;
  const where =
    off.length === looked.length ? 'Nothing is known' : `Nothing is known of ${off.map(placeOf).join(', ')}`;
  return [...notReady, `${where}: Contributor Insights is off there (hotKeys.isWatched of lib/config.ts; on in prod).`];
}

function placeOf({ table, index }: Place): string {
  return index === undefined ? table : `${table}, index ${index}`;
}

function keyOf({ key }: HotKey): string {
  return Object.entries(key)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
