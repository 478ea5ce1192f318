import type { Message as SqsMessage } from '@aws-sdk/client-sqs';
import { envelopeAttribute } from '../../lambdas/shared/broker/envelope.ts';
import { eventually } from '../eventually.ts';
import { depth, lookInto } from '../observe.ts';
import type { Note } from '../progress.ts';
import type { ExampleDeployment } from './example-deployment.ts';
import { isRelayed, type OrderSeen, observeOrder, paymentsOf } from './observe-order.ts';
import type { OrderStory } from './scenario.ts';

/** Where everything of one order ended, read from tables and queues. */
export interface OrderOutcome extends OrderStory {
  readonly seen: OrderSeen;
  /** Payments of this order that were rejected to the dead-letter exchange. */
  readonly rejected: number;
  /** Its poison messages that were dead-lettered when they had failed as often as the delivery limit says. */
  readonly poisonDeadLettered: number;
}

export interface DemoOutcome {
  readonly orders: readonly OrderOutcome[];
  /** Messages still on the way when the demo stopped waiting. */
  readonly unsettled: number;
}

/** How long a message that always fails needs for its failures, with room for a slow machine. */
const settleMs = 60_000;

/** Waits until every message is applied or dead-lettered, then looks where. */
export async function observeOutcome(
  deployment: ExampleDeployment,
  stories: OrderStory[],
  note: Note,
): Promise<DemoOutcome> {
  const { sqs } = deployment;
  const settled = await eventually(
    async () => {
      const waiting = await depth(sqs, deployment.queueUrl('orders.payments'));
      const seen = await Promise.all(stories.map(({ out_trade_no }) => observeOrder(deployment, out_trade_no)));
      const relayed = seen.every((order) => paymentsOf(order) > 0 && isRelayed(order));
      note(`${waiting} messages on the way`);
      return { waiting, seen, relayed };
    },
    ({ waiting, relayed }) => waiting === 0 && relayed,
    settleMs,
  );
  const letters = await tradesIn(deployment, deployment.queueUrl('dead-letters'));
  return {
    unsettled: settled.waiting,
    orders: stories.map((story, at) => ({
      ...story,
      seen: settled.seen[at] ?? { state: undefined, transaction_id: undefined, outbox: [] },
      rejected: letters.filter((trade) => trade === story.out_trade_no).length,
      poisonDeadLettered: letters.filter((trade) => trade === story.poison).length,
    })),
  };
}

/** The order number of every message in the queue; a message that was sent twice, as at-least-once allows, counts once. */
async function tradesIn({ sqs }: ExampleDeployment, queueUrl: string): Promise<unknown[]> {
  const messages = await lookInto(sqs, queueUrl);
  const trades = new Map(messages.map((message) => [eventIdOf(message), tradeOf(message.Body)]));
  return [...trades.values()];
}

function eventIdOf({ MessageId, MessageAttributes }: SqsMessage): string | undefined {
  const envelope = MessageAttributes?.[envelopeAttribute]?.StringValue;
  return envelope === undefined ? MessageId : JSON.parse(envelope).properties.message_id;
}

/** Test events leave messages here that are no JSON on purpose. */
function tradeOf(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '').out_trade_no;
  } catch {
    return undefined;
  }
}
