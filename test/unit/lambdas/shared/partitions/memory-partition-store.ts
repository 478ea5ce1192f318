import type { Assignment, Known } from '../../../../../lambdas/shared/partitions/assignment.ts';
import {
  type ExchangeAddress,
  type PartitionStore,
  placeName,
} from '../../../../../lambdas/shared/partitions/partition-store.ts';
import type { Place } from '../../../../../rabbitmq/partitions/ring.ts';

/** One exchange's, as the port asks for it. `wait` is before and after each look into it. */
export class MemoryPartitionStore implements PartitionStore {
  assignment: Assignment | undefined;
  reads = 0;
  private revision = 0;
  private readonly drained = new Map<number, Set<string>>();
  private readonly wait: () => Promise<void>;

  constructor(wait: () => Promise<void> = async () => {}) {
    this.wait = wait;
  }

  async read(_: ExchangeAddress, first: Assignment): Promise<Known> {
    await this.wait();
    this.reads += 1;
    if (!this.assignment) {
      this.assignment = first;
      this.revision = 1;
    }
    const drained = new Map([...this.drained].map(([version, places]) => [version, new Set(places)]));
    const known = { assignment: this.assignment, revision: this.revision, drained };
    await this.wait();
    return known;
  }

  async find(_: ExchangeAddress): Promise<Known | undefined> {
    return this.assignment && (await this.read(_, this.assignment));
  }

  async write(_: ExchangeAddress, assignment: Assignment, revision: number): Promise<boolean> {
    await this.wait();
    if (revision !== this.revision) return false;
    this.assignment = assignment;
    this.revision += 1;
    await this.wait();
    return true;
  }

  async noteDrained(_: ExchangeAddress, version: number, place: Place): Promise<void> {
    await this.wait();
    this.drained.set(version, (this.drained.get(version) ?? new Set()).add(placeName(place)));
    await this.wait();
  }

  async forget(_: ExchangeAddress, version: number): Promise<void> {
    await this.wait();
    this.drained.delete(version);
  }
}
