/** A line of the code, put wrong on purpose. Exactly one place of the file must read `find`. */
export interface Break {
  /** What it takes away, as the page says it. */
  readonly what: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly project: 'unit' | 'conformance' | 'infra';
  /** Test files that must notice, as a pattern of their paths. */
  readonly noticedBy: string;
}

export interface KeptPromise {
  readonly title: string;
  readonly text: string;
  /** Test files that hold it; those in test/integration on deployed stacks. */
  readonly heldBy: readonly string[];
  readonly breaks: readonly Break[];
}

export const promises: readonly KeptPromise[] = [
  {
    title: 'Conservation',
    text: 'Every message that is confirmed, or answered with 2xx, is applied, waits, or is an open exception. None vanishes.',
    heldBy: [
      'test/integration/nothing-is-lost-under-faults.test.ts',
      'test/integration/effects-are-one-while-functions-are-killed.test.ts',
      'test/integration/rows-are-exact-while-dead-letters-and-replay-are-killed.test.ts',
      'test/integration/a-circuit-opens-while-something-is-down.test.ts',
      'test/integration/parked-messages-are-sent-again.test.ts',
      'test/integration/the-outbox-is-relayed-at-least-once.test.ts',
      'test/unit/lambdas/shared/consumer/record-loop.test.ts',
    ],
    breaks: [
      {
        what: 'what a probe finds down counts against its message',
        file: 'lambdas/shared/consumer/circuit.ts',
        find: 'return isDown && !attempt.hasLeft;',
        replace: 'return false;',
        project: 'unit',
        noticedBy: 'shared/consumer/circuit',
      },
      {
        what: 'a message is acked although its dead letter was not stored',
        file: 'lambdas/shared/consumer/settlement.ts',
        find: "log.error('message could not be buried', cause, { reason });\n      return false;",
        replace: "log.error('message could not be buried', cause, { reason });\n      return true;",
        project: 'unit',
        noticedBy: 'shared/consumer/',
      },
      {
        what: 'a publisher is told ack although a queue did not answer',
        file: 'lambdas/shared/broker/dispatch.ts',
        find: "=== 'stored') ? 'ack' : 'unknown';",
        replace: "=== 'stored') ? 'ack' : 'ack';",
        project: 'unit',
        noticedBy: 'shared/broker/',
      },
      {
        what: 'an outbox row is marked as relayed although a queue has not stored it',
        file: 'lambdas/shared/outbox/relay.ts',
        find: 'if (failed.length === 0) {',
        replace: 'if (failed.length >= 0) {',
        project: 'unit',
        noticedBy: 'outbox-relay/',
      },
      {
        what: 'a payment that no queue took is answered with 204',
        file: 'lambdas/wechat-pay-notify/handler.ts',
        find: "published?.confirm !== 'ack' || published.queues.length === 0",
        replace: "published?.confirm === 'nack'",
        project: 'unit',
        noticedBy: 'wechat-pay-notify',
      },
    ],
  },
  {
    title: 'One effect',
    text: 'One effect per business key, under duplicates, concurrency, crashes, redrive and replay.',
    heldBy: [
      'test/integration/duplicates-have-one-effect.test.ts',
      'test/integration/a-crash-before-the-ack-repeats-nothing.test.ts',
      'test/integration/effects-are-one-while-functions-are-killed.test.ts',
      'test/integration/the-ledger-keeps-the-newest.test.ts',
    ],
    breaks: [
      {
        what: 'a payment is refunded as often as it is asked for',
        file: 'lambdas/shared/refunds/automatic-refund.ts',
        find: 'return `WR$',
        replace: 'return String(Math.random()) + `WR$',
        project: 'unit',
        noticedBy: 'orders-consumer',
      },
      {
        what: 'the outer door is taken out: no record of Powertools in front of a handler',
        file: 'lambdas/shared/consumer/record-loop.ts',
        find: 'return await deps.idempotency.once(key, async () => {\n      await handle(attempt, await reader.deliver(attempt, body, deadline));\n    });',
        replace: 'await handle(attempt, await reader.deliver(attempt, body, deadline));\n    return key !== undefined;',
        project: 'unit',
        noticedBy: 'shared/consumer/record-loop',
      },
      {
        what: 'a record of Powertools that failed its comparison while in progress rejects the right message',
        file: 'lambdas/shared/consumer/idempotency.ts',
        find: 'error.existingRecord?.getStatus() !== IdempotencyRecordStatus.COMPLETED',
        replace: 'error.existingRecord?.getStatus() === undefined',
        project: 'unit',
        noticedBy: 'shared/consumer/idempotency',
      },
    ],
  },
  {
    title: 'RabbitMQ’s routing, exactly',
    text: 'The same queues, returns and confirms as a RabbitMQ broker with the same definitions.',
    heldBy: [
      'test/conformance/routing.test.ts',
      'test/conformance/generated.test.ts',
      'test/integration/messages-land-where-explain-says.test.ts',
    ],
    breaks: [
      {
        what: '# no longer stands for zero words',
        file: 'rabbitmq/routing/topic-trie.ts',
        find: 'let reached = [root];\n  addHashes(reached, staying);',
        replace: 'let reached = [root];',
        project: 'conformance',
        noticedBy: 'conformance/routing',
      },
    ],
  },
  {
    title: 'No silent failure',
    text: 'A message past its delivery limit is dead-lettered as its topology says; when its letter is for a person, or nobody takes it, it is one row in the exceptions table, and on-call hears.',
    heldBy: [
      'test/integration/what-fails-is-a-row-a-notice-and-an-effect-at-last.test.ts',
      'test/unit/lambdas/shared/consumer/letters-for-people.test.ts',
      'test/integration/poison-ends-among-the-dead-letters.test.ts',
      'test/integration/what-the-outbox-cannot-deliver-is-an-exception.test.ts',
      'test/infra/on-call-hears.test.ts',
    ],
    breaks: [
      {
        what: 'what is dead-lettered to a person is in no table',
        file: 'lambdas/shared/consumer/burial.ts',
        find: "if (sent === 'letter') return",
        replace: 'if (sent !== undefined) return',
        project: 'unit',
        noticedBy: 'shared/consumer/letters-for-people',
      },
      {
        what: 'a message is dead one delivery too early',
        file: 'rabbitmq/dead-lettering/delivery-limit.ts',
        find: '? failed : returned) > deliveryLimit',
        replace: '? failed : returned) >= deliveryLimit',
        project: 'unit',
        noticedBy: 'dead-lettering/|shared/consumer/',
      },
      {
        what: 'a message that fails for ever is retried for ever',
        file: 'lambdas/shared/consumer/settlement.ts',
        find: "return isOver ? 'delivery_limit' : undefined;",
        replace: 'return isOver ? undefined : undefined;',
        project: 'unit',
        noticedBy: 'shared/consumer/',
      },
      {
        what: 'a dead-letter queue without an alarm is deployed',
        file: 'lib/rules/dead-letter-alarm.ts',
        find: 'condition: ({ alarms }) => alarms.length === 0,',
        replace: 'condition: ({ alarms }) => alarms.length < 0,',
        project: 'infra',
        noticedBy: 'rules/dead-letter-alarm',
      },
    ],
  },
  {
    title: 'Order where order was asked for',
    text: 'The queue of a single active consumer keeps its order, by key if its consumer names one; a message that fails holds back its own key only.',
    heldBy: [
      'test/integration/keys-keep-their-order.test.ts',
      'test/integration/parked-keys-keep-their-order.test.ts',
      'test/integration/held-rows-are-not-overtaken.test.ts',
      'test/unit/lambdas/shared/consumer/fifo-groups.test.ts',
      'test/unit/lambdas/shared/outbox/order-under-faults.test.ts',
    ],
    breaks: [
      {
        what: 'what is behind a failed message of its group is handled all the same',
        file: 'lambdas/shared/consumer/record-loop.ts',
        find: 'const isFifo = deps.queue.singleActiveConsumer === true;',
        replace: 'const isFifo = deps.queue.singleActiveConsumer === undefined;',
        project: 'unit',
        noticedBy: 'shared/consumer/fifo-groups',
      },
      {
        what: 'messages of one group are sent although one in front of them was not stored',
        file: 'lambdas/shared/broker/queue-sender.ts',
        find: "if (outcomes.get(head)?.outcome === 'stored') return",
        replace: 'if (outcomes.has(head)) return',
        project: 'unit',
        noticedBy: 'shared/broker/queue-sender',
      },
    ],
  },
  {
    title: 'Nothing unverified gets in',
    text: 'A forged, replayed or malformed notification causes no write and no send.',
    heldBy: [
      'test/integration/unverified-input-changes-nothing.test.ts',
      'test/conformance/wechat-pay-vectors.test.ts',
      'test/unit/lambdas/shared/wechat-pay/signature.test.ts',
    ],
    breaks: [
      {
        what: 'signatures are not looked at',
        file: 'lambdas/shared/wechat-pay/signature.ts',
        find: "|| !verify('RSA-SHA256', message, keyOf(pem), bytes)",
        replace: "|| verify('RSA-SHA256', message, keyOf(pem), bytes) === undefined",
        project: 'unit',
        noticedBy: 'wechat-pay/signature',
      },
      {
        what: 'what somebody else answers is believed',
        file: 'lambdas/shared/wechat-pay/api/call.ts',
        find: 'if (isSigned || !succeeded) checkAnswer(',
        replace: 'if (!isSigned && !succeeded) checkAnswer(',
        project: 'unit',
        noticedBy: 'wechat-pay/api/call',
      },
      {
        what: 'a notification of yesterday is let in again',
        file: 'lambdas/shared/wechat-pay/signature.ts',
        find: '|| offSeconds > windowSeconds',
        replace: '|| offSeconds > 1_000_000 * windowSeconds',
        project: 'unit',
        noticedBy: 'wechat-pay/signature',
      },
    ],
  },
  {
    title: 'State never goes backwards',
    text: 'Whatever the order of arrival, what is older changes nothing.',
    heldBy: [
      'test/integration/the-ledger-keeps-the-newest.test.ts',
      'test/unit/lambdas/ledger/ledger-consumer.test.ts',
      'test/integration/orders-are-paid-or-closed-never-both.test.ts',
      'test/unit/lambdas/shared/orders/transitions.test.ts',
      'test/unit/lambdas/shared/orders/order-histories.test.ts',
    ],
    breaks: [
      {
        what: 'of the events of a batch the oldest is written',
        file: 'lambdas/ledger/ledger-consumer.ts',
        find: 'known.version < body.version',
        replace: 'known.version > body.version',
        project: 'unit',
        noticedBy: 'lambdas/ledger/',
      },
      {
        what: 'a table of transitions that leads back is taken',
        file: 'lambdas/shared/orders/check-transitions.ts',
        find: 'versions[to] !== (versions[from] ?? Number.NaN) + 1',
        replace: 'versions[to] === undefined',
        project: 'unit',
        noticedBy: 'shared/orders/',
      },
      {
        what: 'what must come first is not waited for',
        file: 'lambdas/shared/orders/transitions.ts',
        find: "? 'early' : 'past'",
        replace: "? 'past' : 'past'",
        project: 'unit',
        noticedBy: 'shared/orders/',
      },
      {
        what: 'an order is moved although somebody else has moved it since it was read',
        file: 'lambdas/shared/orders/move-order.ts',
        find: "if (result.outcome === 'moved') return",
        replace: 'if (result.outcome) return',
        project: 'unit',
        noticedBy: 'shared/orders/',
      },
    ],
  },
  {
    title: 'Every operator act is recorded',
    text: 'Who did what to a row or a consumer, when, why, and what was there before and after.',
    heldBy: [
      'test/integration/exceptions-are-replayed-once.test.ts',
      'test/unit/bin/exceptions/look.test.ts',
      'test/unit/bin/exceptions/replay.test.ts',
      'test/unit/bin/backlog/pause.test.ts',
    ],
    breaks: [
      {
        what: 'a row is discarded, and its history does not say by whom',
        file: 'bin/warren/exceptions/discard.ts',
        find: 'who: await caller()',
        replace: "who: ''",
        project: 'unit',
        noticedBy: 'bin/exceptions/',
      },
      {
        what: 'a replay forgets what it was for',
        file: 'bin/warren/exceptions/replay-rows.ts',
        find: 'reason: why } = selection',
        replace: "reason: why } = { ...selection, reason: 'x' }",
        project: 'unit',
        noticedBy: 'bin/exceptions/',
      },
      {
        what: 'a consumer is paused, and nothing is written down',
        file: 'bin/warren/backlog/pause.ts',
        find: 'await stage.audit.record({',
        replace: 'await (async (_) => {})({',
        project: 'unit',
        noticedBy: 'bin/backlog/',
      },
    ],
  },
  {
    title: 'A table moves while it is written',
    text: 'A table that moves to another key has at the end, and after going back from any step, what its writers wrote; a move is not started twice, nor to a target of another schema.',
    heldBy: [
      'test/backends/a-table-moves.test.ts',
      'test/unit/lambdas/table-mover/a-move-under-writes.test.ts',
      'test/unit/lambdas/table-mover/steps.test.ts',
    ],
    breaks: [
      {
        what: 'writes are opened on the other side while the tables differ',
        file: 'lambdas/table-mover/next-work.ts',
        find: "isEqual(comparison) ? 'seal' : 'begin'",
        replace: "comparison ? 'seal' : 'begin'",
        project: 'unit',
        noticedBy: 'table-mover/steps',
      },
      {
        what: 'a writer may still believe that writes are open',
        file: 'lambdas/shared/table-moves/move-steps.ts',
        find: 'Date.parse(closed_at) + maxAgeMs + 2 * longestRequestMs',
        replace: 'Date.parse(closed_at)',
        project: 'unit',
        noticedBy: 'table-mover/steps',
      },
      {
        what: 'a function goes by what it once knew of a move',
        file: 'lambdas/shared/table-moves/routes.ts',
        find: 'at - cached.at < maxAgeMs',
        replace: 'at - cached.at < 50 * maxAgeMs',
        project: 'unit',
        noticedBy: 'table-mover/a-move-under-writes',
      },
    ],
  },
];

/** What design promises and nothing keeps yet. */
export const notYet: readonly string[] = [];
