/** SNS takes subjects of up to 100 ASCII characters without control characters (SNS API reference, Publish). */
const longestSubject = 100;
/** Of what others have worded: an event id may be of any length. */
const longestLine = 400;

export function subjectOf(text: string): string {
  const ascii = oneLine(text).replace(/[^ -~]/g, '?');
  return ascii.length <= longestSubject ? ascii : `${ascii.slice(0, longestSubject - 3)}...`;
}

/** What producers have named cannot break out of its line, nor fill the screen. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`;
}

/** One word of a shell command. Event ids are of producers' making, and on-call pastes what it is sent. */
export function quoted(word: string): string {
  if (/^[\w.:/][\w.:/-]*$/.test(word)) return word;
  // Control characters cannot be pasted safely: a terminal may take a newline for Enter.
  return `'${word.replace(/\p{Cc}/gu, '?').replaceAll("'", `'\\''`)}'`;
}

/** In UTC, to the second. */
export function timeOf(time: Date | string): string {
  const iso = typeof time === 'string' ? time : time.toISOString();
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
