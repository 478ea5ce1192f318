import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** An action of a transaction. */
export type OwnWrite = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Why a transaction is not written; nothing when it is. Any other error passes: it is not known then what is written. */
export async function cancellationOf(transaction: Promise<unknown>): Promise<TransactionCanceledException | undefined> {
  try {
    await transaction;
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error;
    throw error;
  }
}
