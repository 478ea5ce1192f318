/** What `routing-cases.ts` asks brokers about, and routing.test.ts compares: routing by keys, from definitions to queues. */
export const rulesCompared: readonly string[] = [
  ...['4.1.1', '4.1.2', '4.1.3', '4.1.4', '4.1.5', '4.1.6', '4.1.8', '4.1.9', '4.1.11'],
  ...['4.3.1', '4.3.2', '4.3.3', '4.3.6'],
  ...['4.4.1', '4.4.2', '4.4.3', '4.4.4', '4.4.5', '4.4.7', '4.4.8'],
];
