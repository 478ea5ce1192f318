import { createDynamoDbAgenda } from '../shared/agenda/dynamodb-agenda.ts';
import { documentClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbExceptions } from '../shared/exceptions/dynamodb-exceptions.ts';
import { exceptionsTable } from '../shared/exceptions/env.ts';
import { createMessageExceptions } from '../shared/exceptions/message-exceptions.ts';
import { createDynamoDbOrdersStore } from '../shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbRefundsStore } from '../shared/refunds/dynamodb-refunds-store.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { configuredApiCall } from '../shared/wechat-pay/api/configured-api.ts';
import { configuredMerchant } from '../shared/wechat-pay/api/configured-merchant.ts';
import { createBillApi } from '../shared/wechat-pay/bill/bill-api.ts';
import { createBillOrders } from '../shared/wechat-pay/bill/bill-orders.ts';
import { createOpenDifference } from '../shared/wechat-pay/bill/open-difference.ts';
import { createCompareDay } from './compare-day.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { noClaims, noOutbox } from './no-writes.ts';
import { paymentsQueueOf } from './payments-queue.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();
const now = () => new Date();
const documents = movedTables(documentClient(), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});
const merchant = configuredMerchant(env);
const exceptions = createDynamoDbExceptions(documents, { ...exceptionsTable(env), now, ...telemetry });

// Called by AWS, once a day, and by whoever wants another day compared.
export const handler = createHandler({
  compareDay: createCompareDay({
    bills: createBillApi({
      call: configuredApiCall(env, { ...merchant, now, mostBytes: env.BILL_MOST_BYTES }),
      baseUrl: env.WECHAT_PAY_API_URL,
      mostBytes: env.BILL_MOST_BYTES,
    }),
    mchid: async () => (await merchant.merchantSecret()).mchid,
    orders: createBillOrders(
      createDynamoDbAgenda(documents, env.ORDERS_TABLE),
      createDynamoDbOrdersStore(documents, noOutbox, { table: env.ORDERS_TABLE, now }),
    ),
    refunds: createDynamoDbRefundsStore(documents, noOutbox, env.REFUNDS_TABLE),
  }),
  open: createOpenDifference({
    exceptions,
    keep: createMessageExceptions({ claims: noClaims, exceptions }),
    paymentsQueue: paymentsQueueOf(env.PAYMENTS_QUEUE, loadTopology()),
    now,
  }),
  now,
  ...telemetry,
});
