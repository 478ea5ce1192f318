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

const named = z.looseObject({ name: z.string() });
const ofUser = z.looseObject({ user: z.string() });

/** RabbitMQ refuses to give permissions to a user it does not know; one that loads definitions when it starts has no `guest` either. */
export function checkPermissions({ users, permissions }: Readonly<Record<string, unknown>>): Problem[] {
  const names = new Set(listOf(users).flatMap((user) => named.safeParse(user).data?.name ?? []));
  return listOf(permissions).flatMap((permission, at): Problem[] => {
    const user = ofUser.safeParse(permission).data?.user;
    if (user === undefined || names.has(user)) return [];
    return [
      {
        class: 'warning',
        code: 'permission-of-undefined-user',
        path: ['permissions', at, 'user'],
        message: `the file defines no user '${user}': RabbitMQ refuses the import where the broker has none.`,
        fix: 'define the user, or remove the permission.',
      },
    ];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
