import type { Headers } from '../message.ts';
import type { Path } from './json-document.ts';

/** What a definitions document declares, before policies are resolved; each object knows where it stands. */
export interface Definitions {
  /** Of the broker that exported it. */
  readonly brokerVersion?: string | undefined;
  readonly vhosts: readonly DeclaredVhost[];
  readonly exchanges: readonly DeclaredExchange[];
  readonly queues: readonly DeclaredQueue[];
  readonly bindings: readonly DeclaredBinding[];
  readonly policies: readonly DeclaredPolicy[];
  /** Set by whoever runs the broker; they restrict what policies and arguments say. Queues only. */
  readonly operatorPolicies: readonly DeclaredPolicy[];
}

interface Declared {
  readonly path: Path;
  readonly name: string;
}

export interface DeclaredVhost extends Declared {
  /** Of its queues that name no type. */
  readonly defaultQueueType?: string | undefined;
}

interface InVhost extends Declared {
  readonly vhost: string;
}

export interface DeclaredExchange extends InVhost {
  readonly type: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly internal: boolean;
  readonly arguments: Headers;
}

export interface DeclaredQueue extends InVhost {
  readonly type?: string | undefined;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly arguments: Headers;
}

export interface DeclaredBinding extends Omit<InVhost, 'name'> {
  readonly source: string;
  readonly destination: string;
  readonly destinationType: 'queue' | 'exchange';
  readonly bindingKey: string;
  readonly arguments: Headers;
}

export const policyTargets = ['all', 'exchanges', 'queues', 'classic_queues', 'quorum_queues', 'streams'] as const;
export type PolicyTarget = (typeof policyTargets)[number];

export interface DeclaredPolicy extends InVhost {
  readonly kind: 'policy' | 'operator policy';
  readonly pattern: string;
  readonly applyTo: PolicyTarget;
  readonly priority: number;
  readonly definition: Headers;
  /** Of `definition`: an operator policy is the value of a parameter. */
  readonly definitionPath: Path;
}
