import { AttributeType, type GlobalSecondaryIndexPropsV2, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';

/** `agendaIndexName` of `lambdas/shared/agenda/agenda.ts`; a test holds both to the same name. */
export const agendaIndexName = 'Agenda';

/** Sparse: an item is in it as long as somebody has to come back to it. Whole, so that nobody reads each one again only to look at it. */
export const agendaIndex: GlobalSecondaryIndexPropsV2 = {
  indexName: agendaIndexName,
  partitionKey: { name: 'agenda', type: AttributeType.STRING },
  sortKey: { name: 'agenda_at', type: AttributeType.STRING },
  projectionType: ProjectionType.ALL,
};
