import { type Endpoint, impliedErrors, possibleErrors } from '../wire/endpoint.ts';
import { ERRORS, type ErrorCode } from '../wire/errors.ts';
import { type Json, type JsonObject, SchemaCollector } from './json-schema.ts';

const LIST_PARAMETERS = ['q', 'sort', 'page', 'page_size', 'cursor'];

const PARAMETERS: JsonObject = {
  'X-Request-Id': {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Comes back in the answer and stands in the audit log; made up when absent.',
    schema: { type: 'string', minLength: 1 },
  },
  'X-Is-Resource-Name': {
    name: 'X-Is-Resource-Name',
    in: 'header',
    description: 'true: an all-digit project_name_or_id is a name.',
    schema: { type: 'boolean', default: false },
  },
  page: { name: 'page', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } },
  page_size: { name: 'page_size', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 } },
  cursor: {
    name: 'cursor',
    in: 'query',
    description: 'X-Next-Cursor of the page before, instead of page. Goes with the same sort and q.',
    schema: { type: 'string', maxLength: 2048 },
  },
};

const HEADERS: JsonObject = {
  'X-Request-Id': { description: 'Id of the request.', schema: { type: 'string' } },
  'X-Total-Count': { description: 'Number of rows of all pages.', schema: { type: 'integer' } },
  'X-Next-Cursor': {
    description: 'Where the next page begins, for the parameter cursor; absent on the last page.',
    schema: { type: 'string' },
  },
  Link: { description: 'Addresses of the previous and the next page.', schema: { type: 'string' } },
  Location: { description: 'Address of what was created.', schema: { type: 'string' } },
};

const ERROR_ENVELOPE: JsonObject = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { type: 'string', enum: Object.keys(ERRORS).sort() },
          message: { type: 'string', description: 'For people; names the field or object and the next step.' },
          detail: {},
        },
      },
    },
  },
};

const SECURITY_SCHEMES: JsonObject = {
  basic: { type: 'http', scheme: 'basic', description: 'A user with password, or a robot with its secret.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'sid',
    description:
      'A session of /c/login. Calls that change something also need the X-Harbor-CSRF-Token of the last answer.',
  },
};

/** Builds the OpenAPI 3.1 document of the given endpoints. Pure and deterministic. */
export function buildOpenApi(endpoints: readonly Endpoint[], version: string): JsonObject {
  const schemas = new SchemaCollector();
  const paths: Record<string, Record<string, Json>> = {};
  for (const endpoint of endpoints) {
    const path = fullPath(endpoint);
    paths[path] ??= {};
    paths[path][endpoint.method.toLowerCase()] = operation(endpoint, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Moorage',
      version,
      description: "Harbor's API v2.0 and, beside it, what Harbor lacks. Written from the endpoint descriptors.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map((endpoint) => endpoint.tag))].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: { Errors: ERROR_ENVELOPE, ...schemas.components() },
      parameters: PARAMETERS,
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

/** Base and path of an endpoint. */
export function fullPath(endpoint: Endpoint): string {
  return (endpoint.base ?? '/api/v2.0') + endpoint.path;
}

function operation(endpoint: Endpoint, schemas: SchemaCollector): JsonObject {
  const signedIn: JsonObject[] = [{ basic: [] }, { session: [] }];
  return {
    operationId: endpoint.id,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    parameters: parameters(endpoint, schemas),
    ...(endpoint.body ? { requestBody: requestBody(endpoint, schemas) } : {}),
    responses: { [endpoint.status]: success(endpoint, schemas), ...refusals(endpoint) },
    security: endpoint.access.kind === 'public' ? [{}, ...signedIn] : signedIn,
    'x-permission': { ...endpoint.access },
  };
}

function parameters(endpoint: Endpoint, schemas: SchemaCollector): Json[] {
  const { list } = endpoint;
  return [
    { $ref: '#/components/parameters/X-Request-Id' },
    ...(endpoint.path.includes('{project_name_or_id}') ? [{ $ref: '#/components/parameters/X-Is-Resource-Name' }] : []),
    ...Object.entries(endpoint.headers ?? {}).map(([name, description]) => ({
      name,
      in: 'header',
      description,
      schema: { type: 'string' },
    })),
    ...properties(endpoint.params, schemas).map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
    ...properties(endpoint.query, schemas)
      .filter(([name]) => !list || !LIST_PARAMETERS.includes(name))
      .map(([name, schema, required]) => ({ name, in: 'query', required, schema })),
    ...(list
      ? [
          {
            name: 'q',
            in: 'query',
            description: `Filter: k=v, k=~part, k=[min~max], k={any of}, k=(all of), joined by commas. Keys: ${keys(list.filters)}.`,
            schema: { type: 'string', maxLength: 2048 },
          },
          {
            name: 'sort',
            in: 'query',
            description: `Keys joined by commas, each with - for descending. Keys: ${list.sorts.join(', ')}.`,
            schema: { type: 'string', default: list.defaultSort },
          },
          { $ref: '#/components/parameters/page' },
          { $ref: '#/components/parameters/page_size' },
          ...(list.keyset ? [{ $ref: '#/components/parameters/cursor' }] : []),
        ]
      : []),
  ];
}

function keys(filters: Readonly<Record<string, string>>): string {
  const texts = Object.entries(filters).map(([key, kind]) => `${key} (${kind})`);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function properties(schema: Endpoint['query'], schemas: SchemaCollector): [string, JsonObject, boolean][] {
  if (!schema) return [];
  const object = schemas.convert(schema, 'input') as { properties?: Record<string, JsonObject>; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, property]) => [
    name,
    property,
    object.required?.includes(name) ?? false,
  ]);
}

function requestBody(endpoint: Endpoint, schemas: SchemaCollector): JsonObject {
  const schema = endpoint.body ? schemas.convert(endpoint.body, 'input') : {};
  const types = endpoint.consumes ?? ['application/json'];
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function success(endpoint: Endpoint, schemas: SchemaCollector): JsonObject {
  const names = [
    'X-Request-Id',
    ...(endpoint.list ? ['X-Total-Count', 'Link'] : []),
    ...(endpoint.list?.keyset ? ['X-Next-Cursor'] : []),
    ...(endpoint.status === 201 ? ['Location'] : []),
  ];
  const type = endpoint.produces ?? 'application/json';
  const schema = endpoint.response ? schemas.convert(endpoint.response, 'output') : {};
  return {
    description: endpoint.status === 201 ? 'Created.' : 'Done.',
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    ...(endpoint.response || endpoint.produces ? { content: { [type]: { schema } } } : {}),
  };
}

function refusals(endpoint: Endpoint): JsonObject {
  const implied = new Set(impliedErrors(endpoint));
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of possibleErrors(endpoint)) {
    const { status } = ERRORS[code];
    // What the room itself refuses with stands first: it is the more telling reason.
    const codes = byStatus.get(status) ?? [];
    byStatus.set(status, implied.has(code) ? [...codes, code] : [code, ...codes]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `${code}: ${ERRORS[code].title}.`).join(' '),
          ...(endpoint.method === 'HEAD'
            ? {}
            : { content: { 'application/json': { schema: { $ref: '#/components/schemas/Errors' } } } }),
        },
      ]),
  );
}
