import type { Definitions, Publish } from './case.ts';
import { simplerDefinitions, simplerMessages } from './simpler.ts';

export interface Case {
  readonly definitions: Definitions;
  readonly messages: readonly Publish[];
}

/** Whether the case still shows the difference; asks the broker again. */
export type Fails = (candidate: Case) => Promise<boolean>;

const patience = 600;

/**
 * The smallest case it finds that still fails: first the messages, then whatever can be taken away or be made plainer, until nothing
 * can, or it has asked often enough.
 */
export async function shrink(failing: Case, suspect: Publish, fails: Fails): Promise<Case> {
  let asked = 0;
  const ask = async (candidate: Case): Promise<boolean> => asked++ < patience && fails(candidate);
  let smallest = await fewestMessages(failing, suspect, ask);

  for (let found: Case | undefined = smallest; found; ) {
    smallest = found;
    found = await firstThatFails(simpler(smallest), ask);
  }
  return smallest;
}

/** The suspect alone, else with one before it (a hash exchange has to be consistent), else all halves that will do. */
async function fewestMessages(failing: Case, suspect: Publish, fails: Fails): Promise<Case> {
  const alone = { ...failing, messages: [suspect] };
  if (await fails(alone)) return alone;
  let { messages } = failing;
  for (let step = Math.ceil(messages.length / 2); messages.length > 1; step = Math.ceil(step / 2)) {
    for (let at = 0; at < messages.length; at += step) {
      const fewer = { ...failing, messages: messages.toSpliced(at, step) };
      if (fewer.messages.length === 0 || !(await fails(fewer))) continue;
      messages = fewer.messages;
      at -= step;
    }
    if (step === 1) break;
  }
  return { ...failing, messages };
}

function* simpler({ definitions, messages }: Case): Generator<Case> {
  for (const fewer of simplerDefinitions(definitions)) yield { definitions: fewer, messages };
  for (const plainer of simplerMessages(messages)) yield { definitions, messages: plainer };
}

async function firstThatFails(candidates: Iterable<Case>, fails: Fails): Promise<Case | undefined> {
  for (const candidate of candidates) {
    if (await fails(candidate)) return candidate;
  }
  return undefined;
}
