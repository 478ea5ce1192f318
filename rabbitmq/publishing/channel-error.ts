/** An error that closes the publisher's channel: RabbitMQ's reply code and text (rules 4.5.1 to 4.5.11, 4.5.15). */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly replyCode: 403 | 404 | 406;
  readonly replyText: string;

  constructor(replyCode: 403 | 404 | 406, replyText: string) {
    super(`${replyCode} ${replyText}`);
    this.replyCode = replyCode;
    this.replyText = replyText;
  }
}

export function exchangeNotFound(vhost: string, exchange: string): ChannelError {
  return new ChannelError(404, `NOT_FOUND - no exchange '${exchange}' in vhost '${vhost}'`);
}

export function exchangeIsInternal(vhost: string, exchange: string): ChannelError {
  return new ChannelError(
    403,
    `ACCESS_REFUSED - cannot publish to internal exchange '${exchange}' in vhost '${vhost}'`,
  );
}

export function headerOfWrongType(header: string): ChannelError {
  return new ChannelError(406, `PRECONDITION_FAILED - unacceptable_type_in_header: ${header} is not an array`);
}
