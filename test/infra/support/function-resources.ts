import { z } from 'zod';
import type { TemplateResource } from './warren-app.ts';

/** The folder in `lambdas/` of a function of the template. */
export function folderOf({ Properties }: TemplateResource): string {
  return Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME;
}

/** As the function will see it: references become some text. */
export function environmentOf({ Properties }: TemplateResource): Record<string, string> {
  const variables: Record<string, unknown> = Properties['Environment'].Variables;
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, resolved(value)]));
}

const joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

function resolved(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = joined.safeParse(value);
  if (!join.success) return 'https://known.after/deployment';
  const [separator, parts] = join.data['Fn::Join'];
  return parts.map(resolved).join(separator);
}
