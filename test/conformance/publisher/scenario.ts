import type { Options } from 'amqplib';

/** One publish. Its label is its content, so that returns and queues name it. */
export interface Step {
  readonly label: string;
  readonly exchange: string;
  readonly key: string;
  readonly options?: Options.Publish | null;
  /** Instead of the label. */
  readonly content?: Buffer;
}

/** A method of the channel that a broker answers, and what it is asked. */
export type Ask = readonly [
  method: 'assertExchange' | 'assertQueue' | 'checkExchange' | 'checkQueue' | 'bindQueue' | 'bindExchange',
  ...given: readonly unknown[],
];

export interface Scenario {
  readonly name: string;
  readonly confirm: boolean;
  /** Each step waits for the confirm of the one before it: whether a broker confirms a message before a later error is a race. */
  readonly oneByOne?: boolean;
  /** Before the steps, one after the other. */
  readonly asks?: readonly Ask[];
  /** The steps are published in the turn of the last of these. */
  readonly asksAtOnce?: boolean;
  readonly steps: readonly Step[];
  /** The channel is closed in the turn of the last publish; published while it closes, and once it is closed. */
  readonly closes?: { readonly closing: Step; readonly closed: Step };
}

export const step = (exchange: string, key: string, options: Options.Publish | null = {}, label = 'm'): Step => ({
  label,
  exchange,
  key,
  options,
});

export const both = (name: string, steps: readonly Step[]): Scenario[] => [
  { name: `${name}, with confirms`, confirm: true, steps },
  { name: `${name}, without confirms`, confirm: false, steps },
];

export const mandatory = (one: Step): Step => ({ ...one, options: { ...one.options, mandatory: true } });
