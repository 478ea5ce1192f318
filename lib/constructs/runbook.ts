/** What on-call does about an alarm: a heading of docs/operations.md, as a link names it. A test holds that it is there. */
export type Runbook = `#${string}`;

/** What an alarm says: who is hurt, and where it is written what to do. */
export function describeAlarm(impact: string, runbook: Runbook): string {
  return `${impact} What to do: docs/operations.md${runbook}`;
}
