/** Objects of a `definitions.json`, with whatever a scenario does not care about. */

export const queue = (name: string, args: object = {}) => ({
  name,
  durable: true,
  auto_delete: false,
  arguments: args,
});

export const exchange = (name: string, type: string, more: object = {}) => ({
  name,
  type,
  durable: true,
  auto_delete: false,
  internal: false,
  arguments: {},
  ...more,
});

export const binding = (source: string, destination: string, routing_key = '', more: object = {}) => ({
  source,
  destination,
  destination_type: 'queue',
  routing_key,
  arguments: {},
  ...more,
});

export const policy = (pattern: string, definition: object, more: object = {}) => ({
  name: pattern,
  pattern,
  'apply-to': 'queues',
  priority: 0,
  definition,
  ...more,
});
