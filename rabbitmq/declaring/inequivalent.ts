import { amqpValue, routingTerm } from '../amqp-value.ts';
import type { Headers, HeaderValue } from '../message.ts';
import { inequivalentArgument } from '../publishing/channel-error.ts';

/** `exchange 'orders' in vhost '/'` */
export type Named = string;

/** Throws 406 when a field is declared otherwise than it is. */
export function assertField(what: Named, field: string, received: string | boolean, current: string | boolean): void {
  if (received !== current)
    throw inequivalentArgument(what, field, `received '${received}' but current is '${current}'`);
}

/** Throws 406 for the first of the arguments that is declared otherwise than it is, in RabbitMQ's words (rabbit_misc.erl, `assert_args_equivalence1`). */
export function assertArguments(what: Named, compared: readonly string[], received: Headers, current: Headers): void {
  for (const name of compared) {
    const [one, other] = [received[name], current[name]];
    if (isSame(one, other)) continue;
    const both = one !== undefined && other !== undefined;
    throw inequivalentArgument(
      what,
      name,
      both
        ? `received '${textOf(one)}' but current is '${textOf(other)}'`
        : `received ${described(one)} but current is ${described(other)}`,
    );
  }
}

function isSame(one: HeaderValue | undefined, other: HeaderValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return routingTerm(one, 'argument') === routingTerm(other, 'argument');
}

function described(value: HeaderValue | undefined): string {
  return value === undefined ? 'none' : `the value '${textOf(value)}' of type '${amqpValue(value).type}'`;
}

function textOf(value: HeaderValue): string {
  const amqp = amqpValue(value);
  return typeof amqp.value === 'object' ? JSON.stringify(amqp.value) : String(amqp.value);
}
