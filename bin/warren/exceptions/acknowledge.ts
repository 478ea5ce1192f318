import { type ExitStatus, type Io, printJson } from '../io.ts';
import type { ExceptionsDeps } from './options.ts';

export interface AcknowledgeOptions {
  readonly stage: string;
  readonly fingerprint: string;
  readonly reason: string;
  readonly json: boolean;
}

/** `warren exceptions acknowledge`: somebody is at it, so that it is not escalated. */
export async function acknowledgeKind(
  { stage, fingerprint, reason, json }: AcknowledgeOptions,
  io: Io,
  deps: Pick<ExceptionsDeps, 'reach'>,
): Promise<ExitStatus> {
  const { acknowledge, caller } = await deps.reach(stage);
  const isAcknowledged = await acknowledge(fingerprint, { who: await caller(), why: reason });
  if (json) printJson(io, { ok: isAcknowledged });
  else if (isAcknowledged)
    io.stdout.write(`${fingerprint} is acknowledged: it is not escalated. Its next notice begins anew.\n`);
  else
    io.stdout.write(
      `On-call waits for nobody because of ${fingerprint}: it was never told of it, somebody has acknowledged it, or nothing of it is open.\n`,
    );
  return isAcknowledged ? 0 : 1;
}
