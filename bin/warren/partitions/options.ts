import type { AuditLog } from '../../../lambdas/shared/audit/audit-log.ts';
import type { ResizeDeps } from '../../../lambdas/shared/partitions/resize.ts';

/** A partitioned exchange of a stage. */
export interface ReachedPartitions extends Omit<ResizeDeps, 'report'> {
  /** Whether the deployed functions have the very partitions that the definitions have. */
  readonly isDeployed: boolean;
  /** By how much this machine's clock differs from that of AWS, at least; milliseconds. */
  readonly clockDifferenceMs: () => Promise<number>;
  readonly audit: Pick<AuditLog, 'record'>;
  /** Whose credentials these are. */
  readonly caller: () => Promise<string>;
}

/** Where the partitions are, and what the definitions say of them. */
export interface Where {
  readonly stage: string;
  readonly file: string;
}

/** What a run needs of the world. */
export interface PartitionsDeps {
  /** Those of the definitions; of them `exchange` alone, if that is named. Throws a `UsageError` when there is none. */
  readonly reach: (where: Where, exchange?: string) => Promise<readonly ReachedPartitions[]>;
}

export interface ShowOptions extends Where {
  readonly json: boolean;
}

/** Of every command that acts. */
export interface ActOptions extends ShowOptions {
  readonly reason: string;
  /** Default: whose credentials these are. */
  readonly who?: string | undefined;
  readonly yes: boolean;
}
