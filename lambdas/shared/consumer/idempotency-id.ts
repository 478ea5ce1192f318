import { createHash } from 'node:crypto';

/** The key of an effect's record in the idempotency table, as Powertools makes it (`BasePersistenceLayer`): a test holds both to the same. */
export function idempotencyId(keyPrefix: string, businessKey: string): string {
  return `${keyPrefix}#${createHash('sha256').update(JSON.stringify(businessKey)).digest('base64')}`;
}
