import type { DeclaredBinding } from '../definitions/definitions.ts';

/** What a binding leads from and to, and by which key. */
export function bindingEnds(binding: DeclaredBinding): string {
  const { vhost, source, destination, destinationType, bindingKey } = binding;
  return JSON.stringify([vhost, source, destinationType, destination, bindingKey]);
}

/** What RabbitMQ knows a binding by: its ends, its key and its arguments in any order (rule 4.4.10). */
export function bindingIdentity(binding: DeclaredBinding): string {
  const table = Object.entries(binding.arguments).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([bindingEnds(binding), table]);
}
