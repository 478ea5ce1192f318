import {
  type LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';

/** What hands a queue's messages to a function. */
export interface Mapping {
  readonly id: string;
  /** Lambda's word: Enabled, Disabled, or on its way: Creating, Enabling, Disabling, Updating. */
  readonly state: string;
}

export interface Mappings {
  /** Undefined: the function does not consume the queue (any more). */
  find(functionName: string, source: string): Promise<Mapping | undefined>;
  /** Returns before Lambda has carried it out. */
  change(mapping: Mapping, to: { readonly enabled: boolean }): Promise<void>;
}

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
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: enabled }));
    },
  };
}
