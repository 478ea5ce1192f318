/** Of one TransactWriteItems (DynamoDB API reference, TransactWriteItems): rows, and the caller's own writes. */
export const mostActions = 100;
