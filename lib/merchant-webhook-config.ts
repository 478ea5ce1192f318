import { Duration } from 'aws-cdk-lib';
import type { FunctionSize, Throttle } from './config-shape.ts';

/** Numbers of what the merchant is told, and may ask. */
export interface MerchantWebhookConfig {
  /** Of one request to the merchant. At most a tenth of the function's timeout: whatever record is begun then has all of it. */
  readonly requestTimeout: Duration;
  readonly keysMaxAge: Duration;
  /** CIDRs that may be sent to although they are none of the internet's, then by http and at any port too. */
  readonly allowedRanges: readonly string[];
  /** So many attempts that were not taken, in a quarter of an hour, are more than a merchant that is restarted. */
  readonly alarmAboveRetries: number;
  readonly query: FunctionSize & Throttle;
}

/** Seconds between attempts: 24 h 4 min in all, as WeChat Pay notifies merchants (API v3, payment notification). */
export const wechatPaySchedule: readonly Duration[] = [
  ...[15, 15, 30],
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * 60),
  ...[3, 3, 3, 6, 6].map((hours) => hours * 3600),
].map((seconds) => Duration.seconds(seconds));
