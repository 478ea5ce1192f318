import { approximate, exact, notBuiltYet, notPossible, type Rule } from '../rule.ts';

const channel = 'rabbit_channel.erl';
const confirms = 'rabbit_channel.erl, docs/confirms';

/** The checks of a publish, in their order. */
export const publishingRules: readonly Rule[] = [
  exact('4.5.1', channel, '`immediate` is refused with 540 NOT_IMPLEMENTED.'),
  exact('4.5.2', channel, 'A message over the size limit (16 MiB, unless configured) is a channel error.'),
  notBuiltYet(
    '4.5.3',
    channel,
    'The user may write to the exchange.',
    'IAM decides who may call the publish function.',
  ),
  exact('4.5.4', channel, 'The exchange exists, else 404.'),
  exact('4.5.5', channel, 'The exchange is not internal, else 403.'),
  notBuiltYet('4.5.6', channel, 'A direct reply-to is rewritten.', 'The property stays as it is.'),
  exact('4.5.7', channel, 'The expiration is a valid one, else 406.'),
  approximate(
    '4.5.8',
    channel,
    'In confirm or tx mode the message gets a sequence number.',
    'In confirm mode, where each request is a channel of its own; in tx mode no publisher hears of a number.',
  ),
  exact('4.5.9', channel, 'CC and BCC are arrays, else 406.'),
  notBuiltYet('4.5.10', channel, 'The user may write with this routing key.', 'IAM has no rule per routing key.'),
  approximate(
    '4.5.11',
    channel,
    '`user-id` is the connection’s user, else 406.',
    'The request says who the user is, `guest` if it does not: IAM knows roles, not RabbitMQ’s users.',
  ),
  notPossible('4.5.12', channel, 'Message interceptors see the message.', 'They are plugins inside a broker.'),
  exact('4.5.13', channel, 'Only then is the message routed.'),
  exact('4.5.14', channel, 'It is delivered; in tx mode, stored with its queues.'),
  exact('4.5.15', channel, 'A failed check closes the channel; the message is not confirmed.'),
];

export const confirmRules: readonly Rule[] = [
  exact('4.5.16', confirms, 'A return comes before the confirm of its message.'),
  exact('4.5.17', confirms, 'Unroutable and mandatory: returned, then acked.'),
  exact('4.5.18', confirms, 'Unroutable and not mandatory: acked, and gone.'),
  approximate(
    '4.5.19',
    channel,
    'A return says 312 NO_ROUTE, the first key and the headers as they were.',
    'amqplib’s shape hands the message back as it was. The publish function names it by its event id; headers and payload are not repeated.',
  ),
  exact(
    '4.5.20',
    'rabbit_channel.erl, seen on 3.10.8 to 4.3.6',
    'Mandatory is about routing: routed to a queue that refuses it is a nack and no return.',
  ),
  exact(
    '4.5.21',
    'rabbit_channel.erl, docs/maxlength',
    'Ack when all queues took it, nack when any refused; copies taken stay.',
  ),
  exact('4.5.22', 'docs/confirms', 'Confirms may come in another order than the messages.'),
  exact('4.5.23', 'docs/confirms', 'Delivery tags start at 1.'),
  approximate(
    '4.5.24',
    channel,
    'Confirms are joined: `multiple=true` up to the highest tag that is settled.',
    'Joined so on request; else each message has a confirm of its own.',
  ),
];

export const txRules: readonly Rule[] = [
  exact('4.5.25', channel, 'tx: a message is routed when it is published, delivered at commit.'),
  exact('4.5.26', channel, 'tx: returns are sent at commit.'),
  approximate(
    '4.5.27',
    channel,
    'tx: acks count after the deliveries; a rollback takes them back.',
    'Publishes only: SQS has no acks in a transaction.',
  ),
  exact('4.5.28', channel, 'tx: commit-ok once all is confirmed; a refusal is 406 and keeps what was delivered.'),
  exact('4.5.29', channel, 'tx and confirm mode exclude each other: 406.'),
  exact('4.5.30', 'docs/semantics', 'Nothing is atomic, neither across queues nor across messages of one.'),
  exact(
    '4.5.31',
    'docs/semantics',
    'So an ack is every send stored, a nack one refused, a tx a buffer that is flushed.',
  ),
  exact('4.5.32', channel, 'BCC is taken out before a queue gets the message, CC stays; both are keys.'),
];
