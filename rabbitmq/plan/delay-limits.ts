/** SQS delays a message by at most 15 minutes, and on standard queues only (SQS, quotas-queues). */
export const longestSqsDelayMs = 900_000;

/** What RabbitMQ's delayed exchange takes at most, and so the longest delay here: 2^32 - 1 ms, 49 days (rule 4.11.5). */
export const longestDelayMs = 2 ** 32 - 1;
