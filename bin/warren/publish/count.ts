const format = new Intl.NumberFormat('en-US');

/** 1234567 as 1,234,567, for people. */
export function count(number: number): string {
  return format.format(number);
}

/** So many messages. */
export function messages(number: number): string {
  return `${count(number)} ${number === 1 ? 'message' : 'messages'}`;
}
