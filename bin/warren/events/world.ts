import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { asked } from '../stage/asked.ts';
import { stageOutputs } from '../stage/stage-outputs.ts';
import type { EventsDeps } from './command.ts';
import { eventsFolder, sendEvent } from './send-event.ts';

/** The real one. Loaded only when an event is sent: the AWS SDK takes longer to load than other commands to run. */
export const world: EventsDeps = {
  folder: eventsFolder,
  async reach(stage) {
    const { config, all } = await stageOutputs(stage);
    const deps = { lambda: new LambdaClient(config), dynamoDb: new DynamoDBClient(config), outputs: all };
    return (event) => asked(`send ${event}`, () => sendEvent(event, deps));
  },
};
