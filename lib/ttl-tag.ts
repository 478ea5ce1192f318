/** The tag of a queue whose consumer dead-letters what expires: RabbitMQ's `x-message-ttl`, in milliseconds. A synth rule reads it. */
export const ttlTag = 'rabbitmq:message-ttl';
