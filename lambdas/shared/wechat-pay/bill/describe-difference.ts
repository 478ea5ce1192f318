import type { Difference } from './compare.ts';

/** A difference as an exception tells it: what is so, and what to do. Numbers of orders and payments, and amounts; nothing personal. */
export function describeDifference(date: string, difference: Difference): { name: string; message: string } {
  const { name, told } = wordsOf(difference);
  return { name, message: `WeChat Pay's bill of ${date} ${told}` };
}

/** Of the rows of one difference, the transaction or the refund that it is about. */
export function subjectOf(difference: Difference): string {
  switch (difference.kind) {
    case 'payment-missing-here':
    case 'payment-differs':
      return difference.payment.transaction_id;
    case 'payment-missing-there':
      return difference.order.transaction_id;
    case 'refund-missing-here':
    case 'refund-differs':
      return `${difference.refund.transaction_id}:${difference.refund.refund_id || difference.refund.out_refund_no}`;
    case 'state-unknown':
      return difference.row.transaction_id;
    default:
      return difference satisfies never;
  }
}

function wordsOf(difference: Difference): { readonly name: string; readonly told: string } {
  switch (difference.kind) {
    case 'payment-missing-here': {
      const { payment, order } = difference;
      const what = `has the payment ${payment.transaction_id} of the order ${payment.out_trade_no}, ${payment.total} fen ${payment.currency}`;
      return { name: 'PaymentMissingHere', told: `${what}, and ${missingHere(order)}` };
    }
    case 'payment-missing-there': {
      const { transaction_id, out_trade_no, total, currency, paidAt } = difference.order;
      return {
        name: 'PaymentMissingThere',
        told: `lacks the payment ${transaction_id}, by which the order ${out_trade_no} was paid here at ${paidAt}, ${total} fen ${currency}. Stop its fulfilment, look in the merchant portal whether it was paid, and find out who wrote that it was.`,
      };
    }
    case 'payment-differs': {
      const { payment, order } = difference;
      const terms = difference.in.map(
        (name) => `${name} is ${termOf(payment, name)} there and ${termOf(order, name)} here`,
      );
      return {
        name: 'PaymentDiffers',
        told: `has the payment ${payment.transaction_id} of the order ${order.out_trade_no} otherwise: ${terms.join('; ')}. Trust neither: look at the payment in the merchant portal, then refund or ask for the rest, and mend the order.`,
      };
    }
    case 'refund-missing-here': {
      const { refund } = difference;
      return {
        name: 'RefundMissingHere',
        told: `has the refund ${refund.refund_id} (${refund.out_refund_no}) over ${refund.refund} fen of the payment ${refund.transaction_id}, order ${refund.out_trade_no}, which nobody here asked for. If it was made in the merchant portal, note that and discard this; if not, somebody else holds the merchant's key.`,
      };
    }
    case 'refund-differs': {
      const { refund, here } = difference;
      return {
        name: 'RefundDiffers',
        told: `has the refund ${refund.refund_id} (${refund.out_refund_no}) of the payment ${refund.transaction_id} over ${refund.refund} fen, and here it is over ${here} fen. Look at the refund in the merchant portal, send back or reclaim the rest, and mend its row.`,
      };
    }
    case 'state-unknown': {
      const { transaction_id, out_trade_no, state } = difference.row;
      return {
        name: 'BilledStateUnknown',
        told: `has the transaction ${transaction_id} of the order ${out_trade_no} as ${state}, which no order here can be. Look at it in the merchant portal, and at the order: a payment that is taken back must not be fulfilled.`,
      };
    }
    default:
      return difference satisfies never;
  }
}

function missingHere(order: string | undefined): string {
  if (order === undefined) {
    return 'there is no such order here. If it is to be, create it and replay this; if not, refund the payment in the merchant portal and discard this.';
  }
  const replay = 'replay this: the payment is then applied as if its notification had come';
  if (order === 'PAYING') return `the order is still PAYING: ${replay}.`;
  return `the order is ${order}, and not by it: ${replay}, and what must not be kept is refunded, or ends as an exception that says so.`;
}

function termOf(of: object, name: string): string {
  return String(new Map<string, unknown>(Object.entries(of)).get(name));
}
