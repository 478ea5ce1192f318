const opens: Readonly<Record<string, string>> = { '}': '{', ']': '[' };

/** Does the text end inside something it opened, with no wrong bracket before? A file that was copied in part does. */
export function isCutOff(text: string): boolean {
  const open: string[] = [];
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (inString && character === '\\') at++;
    if (character === '"') inString = !inString;
    if (inString) continue;
    if (character === '{' || character === '[') open.push(character);
    const opened = opens[character];
    if (opened !== undefined && open.pop() !== opened) return false;
  }
  return inString || open.length > 0;
}
