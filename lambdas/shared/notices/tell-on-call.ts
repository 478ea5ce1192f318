import type { ExceptionStore } from '../exceptions/exception-store.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { countOpen, type Found, findUntold } from './found-exceptions.ts';
import { calmed, claimed, dueIn, escalated, type NoticeTimes, noticed, quieted, released } from './notice-changes.ts';
import type { NoticeRow } from './notice-row.ts';
import { escalationText, noticeText } from './notice-text.ts';
import { changeNotice, type Notices } from './notices.ts';
import type { OnCallTopic } from './on-call-topic.ts';

export interface TellDeps {
  readonly notices: Notices;
  readonly exceptions: Pick<ExceptionStore, 'find'>;
  readonly onCall: Pick<OnCallTopic, 'tell'>;
  readonly stage: string;
  readonly times: NoticeTimes;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

export interface EscalateDeps extends TellDeps {
  readonly escalation: Pick<OnCallTopic, 'tell'>;
  readonly newId: () => string;
}

/**
 * Sends the notice that the row has claimed, and marks it sent. A crash before the send leaves the claim, which ends by itself, and the watch
 * sends; a crash between the send and its mark sends a second time.
 */
export async function tellNotice(row: NoticeRow, id: string, deps: TellDeps, counted?: Found): Promise<void> {
  const { notices, exceptions, onCall, stage, times, now } = deps;
  const found = counted ?? (await findUntold(exceptions, row));
  const told = { noted: row.untold, total: found.total, until: found.last.at };
  const context = {
    stage,
    quietUntil: later(now(), times.window),
    escalatedAt: later(new Date(row.alerted_at ?? now()), times.escalateAfter),
  };
  await orRelease(row, id, deps, () => onCall.tell(noticeText(row, found, context)));
  await changeNotice(notices, row.fingerprint, (stored) => noticed(stored, id, told, { now: now(), times }));
  deps.log.info('noticed', { fingerprint: row.fingerprint, place: row.place, untold: found.untold });
  deps.meter.count('Notices', { kind: 'notice' });
}

/** What is due of a row by now, if anything is and nobody else does it: the notice of what came since the last one, or an escalation. */
export async function tellDue(row: NoticeRow, deps: EscalateDeps): Promise<void> {
  switch (dueIn(row, { now: deps.now(), times: deps.times })) {
    case 'notice': {
      const found = await findUntold(deps.exceptions, row);
      const instead = found.untold === 0 ? (stored: NoticeRow) => quieted(stored, row) : undefined;
      const claim = await claimDue(row, 'notice', deps, instead);
      if (claim) await tellNotice(claim.row, claim.id, deps, found);
      return;
    }
    case 'escalation': {
      const waiting = await countOpen(deps.exceptions, row.fingerprint);
      const claim = await claimDue(row, 'escalation', deps, waiting.open === 0 ? calmed : undefined);
      if (claim) await tellEscalation(claim.row, claim.id, waiting, deps);
      return;
    }
    case undefined:
      return;
  }
}

/** Undefined when there is nothing to say, which `instead` writes down, or when the row has changed meanwhile: the next run looks again. */
async function claimDue(
  { fingerprint, version }: NoticeRow,
  kind: 'notice' | 'escalation',
  { notices, newId, now, times }: EscalateDeps,
  instead: ((stored: NoticeRow) => NoticeRow) | undefined,
): Promise<{ readonly row: NoticeRow; readonly id: string } | undefined> {
  const id = newId();
  const row = await changeNotice(notices, fingerprint, (stored) => {
    if (stored?.version !== version) return undefined;
    return instead ? instead(stored) : claimed(stored, kind, id, { now: now(), times });
  });
  return row?.sending?.id === id ? { row, id } : undefined;
}

async function tellEscalation(
  row: NoticeRow,
  id: string,
  waiting: Awaited<ReturnType<typeof countOpen>>,
  deps: EscalateDeps,
): Promise<void> {
  const { notices, escalation, stage, times, now } = deps;
  const { alerted_at = now().toISOString() } = row;
  const context = { stage, escalatedAt: later(now(), times.escalateAfter) };
  await orRelease(row, id, deps, () => escalation.tell(escalationText({ ...row, alerted_at }, waiting, context)));
  await changeNotice(notices, row.fingerprint, (stored) => escalated(stored, id, { now: now(), times }));
  deps.log.warn('escalated', { fingerprint: row.fingerprint, place: row.place, open: waiting.open });
  deps.meter.count('Notices', { kind: 'escalation' });
}

/** A refusal is known at once: nobody need wait until the claim ends. */
async function orRelease(row: NoticeRow, id: string, { notices }: TellDeps, send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    await changeNotice(notices, row.fingerprint, (stored) => released(stored, id));
    throw error;
  }
}

function later(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000);
}
