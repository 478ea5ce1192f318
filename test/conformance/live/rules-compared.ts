/**
 * Rules a difference between broker and Warren could come from: what `generate/` makes up touches them, and `compare.ts` sees what
 * came of it. Not among them are, of what is touched, the nack of a queue that is full (4.5.21), which `predict.ts` itself knows, and
 * weights (4.10.1, 4.10.2), as any choice a hash could make is taken.
 */
export const rulesCompared: readonly string[] = [
  ...['4.1.1', '4.1.2', '4.1.3', '4.1.4', '4.1.5', '4.1.6', '4.1.8', '4.1.9', '4.1.11', '4.1.12'],
  ...['4.2.1', '4.2.2', '4.2.4', '4.2.5', '4.2.6', '4.2.7', '4.2.8', '4.2.9', '4.2.10', '4.2.11'],
  ...['4.3.1', '4.3.2', '4.3.3', '4.3.6'],
  ...['4.4.1', '4.4.2', '4.4.3', '4.4.4', '4.4.5', '4.4.7', '4.4.8', '4.4.10'],
  ...['4.5.4', '4.5.5', '4.5.9', '4.5.13', '4.5.17', '4.5.20'],
  ...['4.10.3', '4.10.4', '4.10.5'],
];
