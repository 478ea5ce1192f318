import { createDynamoDbHolds } from '../../lambdas/shared/outbox/dynamodb-holds.ts';
import { connect } from '../../local/deployment.ts';
import { holdsContract } from '../contracts/dynamodb/holds.ts';
import { rowsContract } from '../contracts/dynamodb/rows.ts';
import { tableFor } from '../contracts/dynamodb/tables.ts';
import { readDeployment, testAccount } from '../support/deployment-file.ts';

const { endpoint, outputs } = readDeployment();
const { documents } = connect(endpoint, outputs, testAccount);

// A table of its own: the deployed sweep works on the deployed one once a minute.
const table = tableFor(documents, 'aggregate');
holdsContract((now) =>
  createDynamoDbHolds(documents, { table: table.name, now, maxAttempts: 3, sleep: async () => {} }),
);
rowsContract(documents);
