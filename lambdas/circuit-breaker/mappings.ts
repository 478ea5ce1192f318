import {
  type LambdaClient,
  paginateListEventSourceMappings,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { pause } from '../shared/pause.ts';

/** What hands a queue's messages to a function. */
export interface Mapping {
  readonly id: string;
  /** Lambda's word: Enabled, Disabled, or on its way: Creating, Enabling, Disabling, Updating. */
  readonly state: string;
}

export interface Mappings {
  /** Undefined: the function does not consume the queue (any more). */
  find(functionName: string, source: string): Promise<Mapping | undefined>;
  /** Waits while Lambda is at an earlier change; returns before it has carried out this one. */
  change(mapping: Mapping, to: { readonly enabled: boolean }): Promise<void>;
}

/** Lambda takes a minute or two for a change, and no other meanwhile. */
const mostTries = 36;
const betweenMs = 5_000;

export function createMappings(lambda: LambdaClient): Mappings {
  return {
    async find(FunctionName, EventSourceArn) {
      const pages = paginateListEventSourceMappings({ client: lambda }, { FunctionName, EventSourceArn });
      for await (const { EventSourceMappings = [] } of pages) {
        // An emulator may answer with those of other queues, too.
        const own = EventSourceMappings.find((one) => one.EventSourceArn === EventSourceArn);
        if (own) return { id: own.UUID ?? '', state: own.State ?? '' };
      }
      return undefined;
    },
    async change({ id }, { enabled }) {
      const command = new UpdateEventSourceMappingCommand({ UUID: id, Enabled: enabled });
      for (let tries = 1; ; tries++) {
        try {
          await lambda.send(command);
          return;
        } catch (error) {
          if (!(error instanceof ResourceInUseException) || tries === mostTries) throw error;
          await pause(betweenMs);
        }
      }
    },
  };
}
