import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { jsonSchemas, schemasFolder } from '../schemas/json-schemas.ts';

const schemas = jsonSchemas();
const propertiesSchema = z.looseObject({ properties: z.record(z.string(), z.looseObject({})) });

describe('the JSON Schemas of publishing', () => {
  it.each(Object.keys(schemas))('are what the contract says: %s; else run `npm run schemas`', (name) => {
    expect(readFileSync(path.join(schemasFolder, name), 'utf8')).toBe(schemas[name]);
  });

  it.each(Object.entries(schemas))('say of every field what it is: %s', (_, text) => {
    const { properties } = propertiesSchema.parse(JSON.parse(text));
    const { items } = z.looseObject({ items: propertiesSchema }).parse(properties['messages']);

    const fields = Object.entries({ ...properties, ...items.properties });
    expect(fields.length).toBeGreaterThan(8);
    expect(fields.filter(([, { description }]) => typeof description !== 'string')).toEqual([]);
    expect(fields.filter(([, field]) => !('type' in field || 'anyOf' in field || '$ref' in field))).toEqual([]);
  });
});
