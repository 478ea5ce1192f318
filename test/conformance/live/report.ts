import type { Options } from './options.ts';
import type { Found, RunResult } from './run.ts';

export type Report = RunResult & { readonly seed: number; readonly seconds: number };

export function jsonReport({ found, ...result }: Report): string {
  return JSON.stringify({
    ok: found === undefined,
    ...result,
    ...(found && { round: found.round, differences: found.differences, smallest: found.smallest }),
  });
}

export function textReport(report: Report, options: Options, broker: Options['brokers'][number]): string {
  const { version, dialect, compared, choices, sameChoices, seconds, found } = report;
  const rate = Math.round(compared / seconds);
  const lines = [
    `RabbitMQ ${version} (dialect ${dialect}), seed ${report.seed}: ${compared} messages compared in ${seconds.toFixed(1)} s, ${rate} per second`,
    `  hashing exchanges: each of ${choices} choices was one of those promised; ${sameChoices} times Warren chose the same`,
    found ? differenceText(found) : '  no difference',
  ];
  return found ? [...lines, replayText(report, found, options, broker)].join('\n') : lines.join('\n');
}

function differenceText({ round, differences, smallest }: Found): string {
  const { exchanges, bindings, policies = [] } = smallest.definitions;
  const [difference] = smallest.differences;
  return [
    `  DIFFERENT for ${differences} messages of round ${round}; the smallest case found:`,
    ...exchanges.map(
      ({ name, type, internal, arguments: args }) =>
        `    exchange ${name}: ${type}${internal ? ', internal' : ''} ${JSON.stringify(args)}`,
    ),
    ...policies.map((policy) => `    policy ${JSON.stringify(policy)}`),
    ...bindings.map(
      (one) =>
        `    binding ${one.source || '(default)'} → ${one.destination_type} ${one.destination}, ` +
        `key ${JSON.stringify(one.routing_key)} ${JSON.stringify(one.arguments)}`,
    ),
    ...smallest.messages.map(
      (message) =>
        `    publish to ${JSON.stringify(message.exchange)}, key ${JSON.stringify(message.routing_key)}, ` +
        `headers ${JSON.stringify(message.headers)}, properties ${JSON.stringify(message.properties)}`,
    ),
    `    Warren:   ${JSON.stringify(difference?.prediction.decision)}`,
    `    promised: ${(difference?.prediction.alternatives ?? []).map(({ outcome }) => JSON.stringify(outcome)).join(' or ')}`,
    `    RabbitMQ: ${JSON.stringify(difference?.observed)}`,
    `    ${difference?.reason}`,
  ].join('\n');
}

function replayText(
  { seed }: Report,
  { round }: Found,
  { plant }: Options,
  broker: Options['brokers'][number],
): string {
  const planted = plant === undefined ? '' : ` --plant ${plant}`;
  return `  again: npm run conformance:live -- --broker ${broker.amqp} --management ${broker.management} --seed ${seed} --round ${round}${planted}`;
}
