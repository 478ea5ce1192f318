import type { PublishAnswer, PublishRequest, ReportDetail } from './contract.ts';

/** Of a synchronous answer: 6 MB (Lambda, quotas), which its error message counts as so many bytes. */
export const mostAnswerBytes = 6_291_556;

/** The answer with no more queues than `detail` asks for. */
export function withDetail(answer: PublishAnswer, detail: ReportDetail): PublishAnswer {
  if (detail === 'queues') return { ...answer, detail };
  const messages = answer.messages.map((report) => ({
    ...report,
    queues: detail === 'none' ? [] : report.queues.filter(({ outcome }) => outcome !== 'stored'),
  }));
  return { ...answer, detail, messages };
}

/** The answer, or what of it fits: an answer that Lambda cuts off would leave the caller with nothing, though everything is stored. */
export function fitted(answer: PublishAnswer, bytesOf: (answer: PublishAnswer) => number): PublishAnswer {
  const less: Readonly<Record<ReportDetail, ReportDetail | undefined>> = {
    queues: 'problems',
    problems: 'none',
    none: undefined,
  };
  const next = less[answer.detail];
  return next === undefined || bytesOf(answer) <= mostAnswerBytes ? answer : fitted(withDetail(answer, next), bytesOf);
}

/** At least as many bytes as the barest answer can have, known before anything is sent; as text in JSON, for faces that wrap it. */
export function barestAnswerBytes({ messages }: PublishRequest): number {
  return messages.reduce((sum, { exchange, routing_key, mandatory, properties: { message_id = uuidLike } }) => {
    const inReturn = mandatory ? [exchange, routing_key, message_id] : [];
    return sum + bytesAround + bytesOf([message_id, ...inReturn]);
  }, bytesAroundAll);
}

/** Of the error that closed the channel, twice; of the names and fixed values of a return, a confirm and a report. */
const bytesAroundAll = 4_096;
const bytesAround = 500;
const uuidLike = '00000000-0000-0000-0000-000000000000';

function bytesOf(texts: readonly string[]): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(texts)));
}
