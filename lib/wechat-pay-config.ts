import type { Duration } from 'aws-cdk-lib';
import type { FunctionSize, Throttle } from './config-shape.ts';

/** What a stage says of WeChat Pay. The numbers stand in `lib/config.ts`. */
export interface WechatPayConfig {
  readonly notify: FunctionSize;
  readonly secretMaxAge: Duration;
  /** Requests that API Gateway lets through to `wechat-pay-notify`. */
  readonly ingress: Throttle;
  /**
   * Without a payment notification for so long on-call hears: whole hours, at most 168. Take the longest silence of an ordinary week: nobody
   * pays at night. It rings until the first payment. Default: never.
   */
  readonly silentFor?: Duration | undefined;
  /** Of one request to WeChat Pay's API; what may pass is asked three times. Three of them fit into the timeout of each function that asks. */
  readonly apiTimeout: Duration;
  readonly reconcile: FunctionSize & {
    /** How long an order waits for its notification before WeChat Pay is asked; then twice as long before it is asked again, and so on. */
    readonly after: Duration;
    /** No order, and no refund, waits longer than that between two questions. */
    readonly longestWait: Duration;
    /** An unpaid order of this age is closed: longer than the payment window of the topology, so that this is left to `order-timeouts`. */
    readonly closeAfter: Duration;
    /** A refund that is open for longer rings. To a bank card it takes one to three working days. */
    readonly refundOverdue: Duration;
    /** WeChat Pay has limits per merchant; most of them are for your own checkout. */
    readonly requestsPerSecond: number;
    /** Payments that are found by asking, in an hour: more of them ring. */
    readonly alarmAboveFound: number;
  };
  /** Of the function by which operators send money back. */
  readonly refundDesk: FunctionSize;
  /** Of the function that compares WeChat Pay's bill of a day with our orders. */
  readonly dailyBill: {
    readonly size: FunctionSize;
    /** When it compares yesterday of Beijing: after 02:00, when WeChat Pay has written that day's bill. */
    readonly at: { readonly utcHour: number; readonly utcMinute: number };
    /** Of one request; a bill is downloaded in one. */
    readonly requestTimeout: Duration;
    /** Of a bill, unpacked. About 300 bytes a row; the function's memory holds several times as much. */
    readonly mostBytes: number;
  };
}
