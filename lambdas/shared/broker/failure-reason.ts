/** Why a call failed, in the words a report gives. */
export function failureReason(error: unknown, deadline: AbortSignal | undefined): string {
  if (!(error instanceof Error)) return String(error);
  const isTimeUp = deadline?.aborted && error.name === 'AbortError';
  return isTimeUp ? 'no answer before the function’s time was up' : `${error.name}: ${error.message}`;
}
