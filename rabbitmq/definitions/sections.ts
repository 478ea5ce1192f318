import { z } from 'zod';
import type { Problem } from './finding.ts';

/** What to say of the sections of a document that declare nothing to route by. */

type Section = 'read' | 'quiet' | ((value: unknown) => Problem[]);

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** One finding for the whole section: names, passwords and hashes in it are nobody's business here. */
function mentioned(section: string, message: (count: number) => string, fix: string): Section {
  return (value) => {
    const count = countOf(value);
    return count === 0
      ? []
      : [{ class: 'compatible', code: section.replaceAll('_', '-'), path: [section], message: message(count), fix }];
  };
}

const sections: Readonly<Record<string, Section>> = {
  vhosts: 'read',
  exchanges: 'read',
  queues: 'read',
  bindings: 'read',
  policies: 'read',
  parameters: 'read',
  rabbit_version: 'quiet',
  rabbitmq_version: 'quiet',
  product_name: 'quiet',
  product_version: 'quiet',
  rabbitmq_definition_format: 'quiet',
  original_cluster_name: 'quiet',
  original_vhost_name: 'quiet',
  default_queue_type: 'quiet',
  description: 'quiet',
  explanation: 'quiet',
  metadata: 'quiet',
  users: mentioned('users', (n) => `${n} users: who may publish is decided by IAM.`, 'none; passwords are not read.'),
  permissions: mentioned(
    'permissions',
    (n) => `${n} permissions: IAM decides who may publish and consume.`,
    'grant each application the publish function or its queues.',
  ),
  topic_permissions: mentioned(
    'topic_permissions',
    (n) => `${n} topic permissions: IAM has no rule per routing key, nothing enforces them.`,
    'check the key in the application, or give each key space an exchange of its own.',
  ),
  global_parameters: mentioned(
    'global_parameters',
    (n) => `${n} global parameters: they describe the broker, not the topology.`,
    'none.',
  ),
};

/** What is wrong with, or worth saying of, the document's own members. */
export function checkSections(document: Readonly<Record<string, unknown>>): Problem[] {
  return Object.entries(document).flatMap(([name, value]): Problem[] => {
    const section = Object.hasOwn(sections, name) ? sections[name] : undefined;
    if (section === undefined) {
      return [
        {
          class: 'unknown',
          code: 'unknown-key',
          path: [name],
          message:
            'is not a section of RabbitMQ’s definitions: deploying without it could change what happens to a message.',
          fix: 'remove it.',
        },
      ];
    }
    return typeof section === 'function' ? section(value) : [];
  });
}

const userNames = z.array(z.looseObject({ name: z.string() })).catch([]);
const permissionUsers = z.array(z.looseObject({ user: z.string() })).catch([]);

/** RabbitMQ refuses to give permissions to a user it does not know. */
export function checkPermissions({ users, permissions }: Readonly<Record<string, unknown>>): Problem[] {
  if (users === undefined) return [];
  const names = new Set(userNames.parse(users).map(({ name }) => name));
  return permissionUsers.parse(permissions ?? []).flatMap(({ user }, at): Problem[] =>
    names.has(user)
      ? []
      : [
          {
            class: 'warning',
            code: 'permission-of-undefined-user',
            path: ['permissions', at, 'user'],
            message: `there is no user '${user}': RabbitMQ refuses the import.`,
            fix: 'define the user, or remove the permission.',
          },
        ],
  );
}
