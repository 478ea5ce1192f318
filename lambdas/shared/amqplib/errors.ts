/** SQS did not say whether it has stored the message. Publish it again with the same `messageId`: consumers drop the second copy. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';

  constructor(options?: ErrorOptions) {
    super('SQS did not say whether it has stored the message: publish it again, same messageId', options);
  }
}
