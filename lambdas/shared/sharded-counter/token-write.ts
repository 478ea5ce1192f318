import type { OwnWrite } from '../aws/transaction.ts';

export interface TokenTable {
  /** With the key `id`, a string, and `expires_at` for its time to live. */
  readonly table: string;
  /** How long a repeat may come later: longer than whoever repeats goes on doing so. */
  readonly keepSeconds: number;
  readonly now: () => Date;
}

/** The write that cannot be made twice, of a caller that has none of its own: an addition with it counts once for each token. */
export function tokenWrite(token: string, { table, keepSeconds, now }: TokenTable): OwnWrite {
  return {
    Put: {
      TableName: table,
      Item: { id: `token#${token}`, expires_at: Math.floor(now().getTime() / 1000) + keepSeconds },
      // DynamoDB may keep an expired one for days; it is no less a repeat then.
      ConditionExpression: 'attribute_not_exists(id)',
    },
  };
}
