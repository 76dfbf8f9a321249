import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENDPOINTS } from '../endpoints.ts';
import { endpoint } from '../wire/endpoint.ts';
import { ERRORS } from '../wire/errors.ts';
import type { Json, JsonObject } from './json-schema.ts';
import { buildOpenApi } from './openapi.ts';
import { errorsPage, permissionsPage } from './reference.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    $ref?: string;
    name?: string;
    in?: string;
    required?: boolean;
    schema?: JsonObject;
  }[];
  readonly responses: Readonly<Record<string, { description: string; content?: object }>>;
  readonly requestBody?: { content: JsonObject };
  readonly security: readonly object[];
  readonly 'x-permission': { kind: string };
}

const document = buildOpenApi(ENDPOINTS, '1.2.3');
const paths = document['paths'] as unknown as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, path, operation] as const),
);

function references(value: Json): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(references);
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner as Json),
  );
}

function resolve(reference: string): Json | undefined {
  return reference
    .replace('#/', '')
    .split('/')
    .reduce<Json | undefined>((value, key) => (value as JsonObject | undefined)?.[key], document);
}

it('holds every endpoint once', () => {
  expect(operations.map(([, , operation]) => operation.operationId).sort()).toEqual(
    ENDPOINTS.map(({ id }) => id).sort(),
  );
});

it('refers only to what it has, and has no leftover of the conversion', () => {
  const used = [...new Set(references(document))];
  expect(used.filter((reference) => resolve(reference) === undefined)).toEqual([]);
  expect(JSON.stringify(document)).not.toMatch(/\$defs|"\$schema":"|9007199254740991/);
});

it('has no component nobody uses', () => {
  const used = new Set(references(document));
  const schemas = Object.keys((document['components'] as { schemas: JsonObject }).schemas);
  expect(schemas.filter((id) => !used.has(`#/components/schemas/${id}`))).toEqual([]);
});

it('comes out the same every time', () => {
  expect(JSON.stringify(buildOpenApi(ENDPOINTS, '1.2.3'))).toBe(JSON.stringify(document));
});

describe.each(operations)('%s', (_name, path, operation) => {
  const own = operation.parameters.filter((parameter) => parameter.name !== undefined);

  it('describes each parameter once, and all of the path as required', () => {
    const keys = own.map((parameter) => `${parameter.in} ${parameter.name}`);
    expect(new Set(keys).size).toBe(keys.length);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const described = own.filter((parameter) => parameter.in === 'path' && parameter.required);
    expect(described.map((parameter) => parameter.name)).toEqual(inPath);
    for (const parameter of own) expect(Object.keys(parameter.schema ?? {}), parameter.name).not.toEqual([]);
  });

  it('has one success, and refusals in the error envelope', () => {
    const statuses = Object.keys(operation.responses);
    expect(statuses.filter((status) => status < '400')).toHaveLength(1);
    expect(statuses).toEqual(expect.arrayContaining(['401', '500']));
    for (const response of Object.values(operation.responses)) expect(response.description).not.toBe('');
  });

  it('asks for sign-in unless it is public', () => {
    const anonymous = operation.security.some((scheme) => Object.keys(scheme).length === 0);
    expect(anonymous).toBe(operation['x-permission'].kind === 'public');
  });
});

it('shows kinds, defaults and repetition of query parameters', () => {
  const parameter = (path: string, name: string) =>
    paths[path]?.['get']?.parameters.find((candidate) => candidate.name === name);
  expect(parameter('/api/v2.0/projects', 'with_detail')).toMatchObject({
    required: false,
    schema: { type: 'boolean', default: true },
  });
  expect(parameter('/service/token', 'scope')?.schema).toMatchObject({ type: 'array', items: { type: 'string' } });
  expect(parameter('/api/v2.0/users/{user_id}', 'user_id')?.schema).toMatchObject({ type: 'integer', minimum: 1 });
});

it('refuses one schema id for two shapes', () => {
  // The same object looks different as it is sent and as it is answered: the default is optional in one only.
  const shape = z.object({ a: z.string(), b: z.number().default(1) }).meta({ id: 'TwoShapes' });
  const both = endpoint({
    id: 'both',
    method: 'POST',
    path: '/both',
    tag: 'test',
    summary: 'Test',
    access: { kind: 'public' },
    body: shape,
    response: shape,
    status: 200,
    errors: [],
  });
  expect(() => buildOpenApi([both], '1')).toThrow(/TwoShapes/);
});

it('writes pages with every error code and every operation', () => {
  const errors = errorsPage();
  for (const code of Object.keys(ERRORS)) expect(errors).toContain(`\`${code}\``);
  const permissions = permissionsPage(ENDPOINTS);
  expect(permissions).toContain('| `repository:push` | yes | yes | yes | – | – | – |');
  expect(permissions).toContain('| `repository:pull` | yes | yes | yes | yes | yes | yes |');
  expect(permissions).toContain('`DELETE /api/v2.0/users/{user_id}` | `user:delete` at system level |');
  expect(permissions.split('\n').filter((line) => /^\| `[A-Z]+ \//.test(line))).toHaveLength(ENDPOINTS.length);
});
