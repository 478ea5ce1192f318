import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { asked } from '../stage/asked.ts';
import type { Mapping, Mappings } from './stage.ts';

/** Lambda's event source mappings, of all functions of the account and region. */
export function createLambdaMappings(lambda: LambdaClient): Mappings {
  return {
    list: () =>
      asked('lambda:ListEventSourceMappings', async () => {
        const all: Mapping[] = [];
        for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
          all.push(...EventSourceMappings.map(toMapping));
        }
        return all;
      }),
    get: (id) =>
      asked(`lambda:GetEventSourceMapping on ${id}`, async () =>
        toMapping(await lambda.send(new GetEventSourceMappingCommand({ UUID: id }))),
      ),
    async change(id, { enabled, maximumConcurrency }) {
      const command = new UpdateEventSourceMappingCommand({
        UUID: id,
        ...(enabled !== undefined && { Enabled: enabled }),
        ...(maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
      });
      await asked(`lambda:UpdateEventSourceMapping on ${id}`, () => lambda.send(command));
    },
    async reservedConcurrency(functionName) {
      const command = new GetFunctionConcurrencyCommand({ FunctionName: functionName });
      const answer = await asked(`lambda:GetFunctionConcurrency on ${functionName}`, () => lambda.send(command));
      return answer.ReservedConcurrentExecutions;
    },
  };
}

function toMapping({
  UUID = '',
  FunctionArn = '',
  EventSourceArn = '',
  State = '',
  ScalingConfig,
}: EventSourceMappingConfiguration): Mapping {
  // arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]
  const functionName = FunctionArn.split(':')[6] ?? '';
  const maximumConcurrency = ScalingConfig?.MaximumConcurrency;
  return { id: UUID, functionName, sourceArn: EventSourceArn, state: State, maximumConcurrency };
}
