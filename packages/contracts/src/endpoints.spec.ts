import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENDPOINTS } from './endpoints.ts';
import * as contracts from './index.ts';
import { fullPath } from './openapi/openapi.ts';
import type { Endpoint } from './wire/endpoint.ts';
import { possibleErrors } from './wire/endpoint.ts';
import { ERRORS } from './wire/errors.ts';
import { PROJECT_ACTIONS, SYSTEM_ACTIONS } from './wire/permissions.ts';

const named = ENDPOINTS.map((endpoint) => [endpoint.id, endpoint] as const);

function grants(table: Readonly<Record<string, readonly string[]>>, permission: string): boolean {
  const [resource = '', action = ''] = permission.split(':');
  return table[resource]?.includes(action) ?? false;
}

/** Names of the fields of a schema's object, or of the object its array holds. */
function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element as z.ZodType);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

it('lists every descriptor the package exports', () => {
  const exported = Object.values<unknown>(contracts).filter(
    (value): value is Endpoint => typeof value === 'object' && value !== null && 'access' in value && 'method' in value,
  );
  expect(ENDPOINTS.map((endpoint) => endpoint.id).sort()).toEqual(exported.map((endpoint) => endpoint.id).sort());
  expect(ENDPOINTS.length).toBeGreaterThan(70);
});

it('has every id and every address once', () => {
  const ids = ENDPOINTS.map((endpoint) => endpoint.id);
  expect(new Set(ids).size).toBe(ids.length);
  const addresses = ENDPOINTS.map(
    (endpoint) => `${endpoint.method} ${fullPath(endpoint).replaceAll(/\{\w+\}/g, '{}')}`,
  );
  expect(new Set(addresses).size).toBe(addresses.length);
});

describe.each(named)('%s', (_id, endpoint) => {
  it('has an id, a path and a summary in form', () => {
    expect(endpoint.id).toMatch(/^[A-Za-z]+$/);
    expect(endpoint.path).toMatch(/^(\/([A-Za-z0-9_.-]+|\{[a-z_]+\}))+\/?$/);
    expect(endpoint.summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it('names exactly the parameters of its path', () => {
    const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    expect(fieldsOf(endpoint.params).sort()).toEqual(inPath.sort());
  });

  it('says who may call it, with permissions that exist', () => {
    const { access } = endpoint;
    if (access.kind === 'project') {
      expect(grants(PROJECT_ACTIONS, access.permission)).toBe(true);
      expect(endpoint.path).toMatch(/\{project_name(_or_id)?\}/);
    }
    if (access.kind === 'system' || access.kind === 'self')
      expect(grants(SYSTEM_ACTIONS, access.permission)).toBe(true);
    if (access.kind === 'self') expect(endpoint.path).toContain('{user_id}');
    if (access.kind === 'object') {
      if (access.system !== undefined) expect(grants(SYSTEM_ACTIONS, access.system)).toBe(true);
      expect(grants(PROJECT_ACTIONS, access.project)).toBe(true);
    }
    // What lies inside a project is never left to the room's memory.
    if (/\{project_name(_or_id)?\}/.test(endpoint.path)) expect(access.kind).toBe('project');
  });

  it('only lets reading methods go without a body schema when nothing is sent', () => {
    const isBare = ['GET', 'HEAD', 'DELETE'].includes(endpoint.method) || BARE_POSTS.includes(endpoint.id);
    if (isBare) expect(endpoint.body).toBeUndefined();
    else expect(endpoint.body).toBeDefined();
  });

  it('refuses unknown keys in body and query', () => {
    // Token clients and identity providers add parameters of their own.
    if (endpoint.path === '/service/token' || endpoint.path === '/c/oidc/callback') return;
    for (const schema of [endpoint.body, endpoint.query]) {
      const issues = schema?.safeParse({ 'not-a-key': 1 }).error?.issues ?? [];
      expect(issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(schema !== undefined);
    }
  });

  it('lists only refusals that exist, without repeating itself', () => {
    const codes = possibleErrors(endpoint);
    expect(codes.every((code) => code in ERRORS)).toBe(true);
    expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length);
  });
});

/** Filter keys that are no field of the answer, by operation. Each is Harbor's or named in the summary. */
/** Harbor sends these without a body. */
const BARE_POSTS = ['CopyArtifact'];
const OTHER_FILTERS: Readonly<Record<string, readonly string[]>> = {
  listProjects: ['public', 'owner'],
  listRobot: ['Level', 'ProjectID'],
  listAllRepositories: ['repository_id'],
  listRepositories: ['repository_id'],
  listArtifacts: ['base'],
  listArtifactsOfProject: ['base'],
  listAuditLogs: ['project_id'],
  listQuotas: ['name'],
  listRepositoryTags: ['platform'],
  searchArtifacts: ['annotation', 'label', 'project', 'repository', 'tag'],
};
const OTHER_SORTS: Readonly<Record<string, readonly string[]>> = {
  listRepositoryTags: ['version'],
  listQuotas: ['name', 'hard.storage', 'used.storage', 'hard.count', 'used.count'],
};

/** Whether a key names a secret itself; when one was changed, or must be, is none. */
function isSecret(key: string): boolean {
  return /(^|_)(password|secret|hash|salt|token|version|csrf|key)$/i.test(key) && !OPEN_KEYS.includes(key);
}
const OPEN_KEYS = ['must_change_password', 'harbor_version', 'moorage_version', 'version'];

describe.each(named.filter(([, endpoint]) => endpoint.list))('list %s', (id, endpoint) => {
  const list = endpoint.list ?? { filters: {}, sorts: [], defaultSort: '' };
  const fields = fieldsOf(endpoint.response);

  it('filters and sorts only by what it shows', () => {
    const hidden = Object.keys(list.filters).filter((key) => !fields.includes(key));
    expect(hidden.sort()).toEqual([...(OTHER_FILTERS[id] ?? [])].sort());
    expect(list.sorts.filter((key) => !fields.includes(key)).sort()).toEqual([...(OTHER_SORTS[id] ?? [])].sort());
  });

  it('shows no secret to filter, sort or read by', () => {
    const keys = [...Object.keys(list.filters), ...list.sorts, ...fields];
    expect(keys.filter(isSecret)).toEqual([]);
  });

  it('sorts by one of its keys when nothing is asked', () => {
    expect(list.sorts).toContain(list.defaultSort.replace('-', ''));
  });

  it('does not claim the parameters of every list for itself', () => {
    const own = fieldsOf(endpoint.query);
    expect(own.filter((key) => ['page', 'page_size', 'q', 'sort'].includes(key))).toEqual([]);
  });
});

it('never answers with a secret, except where one is made', () => {
  const answers = ENDPOINTS.filter((endpoint) => fieldsOf(endpoint.response).some(isSecret));
  expect(answers.map((endpoint) => endpoint.id).sort()).toEqual([
    'beginTotp',
    'createPersonalToken',
    'createRobot',
    'getToken',
    'postToken',
    'refreshSec',
    'setCliSecret',
  ]);
});
