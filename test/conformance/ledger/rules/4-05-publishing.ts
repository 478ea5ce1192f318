import { approximate, exact, notBuiltYet, notPossible, type Rule } from '../rule.ts';

const channel = 'rabbit_channel.erl';
const confirms = 'rabbit_channel.erl, docs/confirms';

/** The checks of a publish, in their order. */
export const publishingRules: readonly Rule[] = [
  notBuiltYet(
    '4.5.1',
    channel,
    '`immediate` is refused with 540 NOT_IMPLEMENTED.',
    'A request that has the field is refused as malformed: nothing is sent, but nobody hears 540.',
  ),
  notBuiltYet(
    '4.5.2',
    channel,
    'A message over the size limit (16 MiB, unless configured) is a channel error.',
    'The limit is the 1 MiB of SQS, and a larger message is a nack.',
  ),
  notBuiltYet(
    '4.5.3',
    channel,
    'The user may write to the exchange.',
    'IAM decides who may call the publish function.',
  ),
  exact('4.5.4', channel, 'The exchange exists, else 404.'),
  exact('4.5.5', channel, 'The exchange is not internal, else 403.'),
  notBuiltYet('4.5.6', channel, 'A direct reply-to is rewritten.', 'The property stays as it is.'),
  notBuiltYet(
    '4.5.7',
    channel,
    'The expiration is a valid one, else 406.',
    'The check is built and stands in this place; the publish function takes no expiration yet.',
  ),
  approximate(
    '4.5.8',
    channel,
    'In confirm or tx mode the message gets a sequence number.',
    'Each request is a channel of its own in confirm mode; tx mode is not built.',
  ),
  exact('4.5.9', channel, 'CC and BCC are arrays, else 406.'),
  notBuiltYet('4.5.10', channel, 'The user may write with this routing key.', 'IAM has no rule per routing key.'),
  notBuiltYet('4.5.11', channel, '`user-id` is the connection’s user, else 406.', 'The property is not taken.'),
  notPossible('4.5.12', channel, 'Message interceptors see the message.', 'They are plugins inside a broker.'),
  exact('4.5.13', channel, 'Only then is the message routed.'),
  notBuiltYet('4.5.14', channel, 'It is delivered; in tx mode, stored with its queues.', 'Tx mode is missing.'),
  approximate(
    '4.5.15',
    channel,
    'A failed check closes the channel; the message is not confirmed.',
    'Checks come before anything of a request is sent: messages in front of the wrong one are not sent either.',
  ),
];

export const confirmRules: readonly Rule[] = [
  exact('4.5.16', confirms, 'A return comes before the confirm of its message.'),
  exact('4.5.17', confirms, 'Unroutable and mandatory: returned, then acked.'),
  exact('4.5.18', confirms, 'Unroutable and not mandatory: acked, and gone.'),
  approximate(
    '4.5.19',
    channel,
    'A return says 312 NO_ROUTE, the first key and the headers as they were.',
    'It names the message by its event id; headers and payload are not repeated, the caller has them.',
  ),
  approximate(
    '4.5.20',
    channel,
    'Mandatory is about routing: routed to a queue that refuses it is a nack and no return.',
    'A queue refuses what SQS refuses; length limits are not enforced.',
  ),
  exact(
    '4.5.21',
    'rabbit_channel.erl, docs/maxlength',
    'Ack when all queues took it, nack when any refused; copies taken stay.',
  ),
  exact('4.5.22', 'docs/confirms', 'Confirms may come in another order than the messages.'),
  exact('4.5.23', 'docs/confirms', 'Delivery tags start at 1.'),
  notBuiltYet(
    '4.5.24',
    channel,
    'Confirms are joined: `multiple=true` up to the highest tag that is settled.',
    'Each message has a confirm of its own with `multiple=false`.',
  ),
];

const noTx = 'The publish function has no tx mode.';

export const txRules: readonly Rule[] = [
  notBuiltYet('4.5.25', channel, 'tx: a message is routed when it is published, delivered at commit.', noTx),
  notBuiltYet('4.5.26', channel, 'tx: returns are sent at commit.', noTx),
  notBuiltYet('4.5.27', channel, 'tx: acks count after the deliveries; a rollback takes them back.', noTx),
  notBuiltYet(
    '4.5.28',
    channel,
    'tx: commit-ok once all is confirmed; a refusal is 406 and keeps what was delivered.',
    noTx,
  ),
  notBuiltYet('4.5.29', channel, 'tx and confirm mode exclude each other: 406.', noTx),
  exact('4.5.30', 'docs/semantics', 'Nothing is atomic, neither across queues nor across messages of one.'),
  notBuiltYet(
    '4.5.31',
    'docs/semantics',
    'So an ack is every send stored, a nack one refused, a tx a buffer that is flushed.',
    'Confirms are so; tx is missing.',
  ),
  exact('4.5.32', channel, 'BCC is taken out before a queue gets the message, CC stays; both are keys.'),
];
