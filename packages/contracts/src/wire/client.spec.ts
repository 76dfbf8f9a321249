import { describe, expect, expectTypeOf, it } from 'vitest';
import { getArtifact, listArtifacts } from '../artifact/artifact.api.ts';
import type { Artifact } from '../artifact/artifact.schema.ts';
import { getArtifactManifest } from '../artifact/content.api.ts';
import { createProject, deleteProject, headProject, listProjects } from '../project/project.api.ts';
import type { Project } from '../project/project.schema.ts';
import { createRobot, getRobot } from '../robot/robot.api.ts';
import { getToken } from '../token/token.api.ts';
import { getUser } from '../user/user.api.ts';
import { ApiError, type CallInput, createClient, urlOf } from './client.ts';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, ResponseOf } from './endpoint.ts';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
}

/** A client over a list of prepared answers, and what it sent. */
function clientOver(...answers: readonly Response[]) {
  const sent: Sent[] = [];
  const queue = [...answers];
  const client = createClient({
    baseUrl: 'https://registry.example',
    fetch: async (url, init) => {
      const body = typeof init?.body === 'string' ? init.body : null;
      sent.push({ url: String(url), method: init?.method ?? '', headers: new Headers(init?.headers), body });
      const answer = queue.shift();
      if (!answer) throw new Error('no answer is prepared');
      return answer;
    },
  });
  return { client, sent };
}

describe('addresses', () => {
  it('encodes repository names twice and other parameters once', () => {
    const params = { project_name: 'team', repository_name: 'a/b', reference: 'v1' };
    expect(urlOf(getArtifact, params, {})).toBe('/api/v2.0/projects/team/repositories/a%252Fb/artifacts/v1');
    expect(urlOf(deleteProject, { project_name_or_id: 'a/../b?c' }, {})).toBe('/api/v2.0/projects/a%2F..%2Fb%3Fc');
  });

  it('repeats list parameters and leaves out empty ones', () => {
    expect(urlOf(getToken, {}, { service: 's', scope: ['a b', 'c'], account: undefined })).toBe(
      '/service/token?service=s&scope=a+b&scope=c',
    );
  });
});

describe('calls', () => {
  it('gives rows, total and location', async () => {
    const { client, sent } = clientOver(
      Response.json([{ name: 'library' }], { headers: { 'x-total-count': '41' } }),
      new Response(null, { status: 201, headers: { location: '/api/v2.0/projects/7' } }),
    );
    const page = await client.call(listProjects, { query: { page: 2, name: 'lib' } });
    expect([page.total, page.data[0]?.name]).toEqual([41, 'library']);
    expect(sent[0]?.url).toBe('https://registry.example/api/v2.0/projects?page=2&name=lib');
    const created = await client.call(createProject, { body: { project_name: 'x' } });
    expect([created.location, created.data]).toEqual(['/api/v2.0/projects/7', undefined]);
    expect(sent[1]?.body).toBe('{"project_name":"x"}');
  });

  it('sends the CSRF token of the last answer with changes only', async () => {
    const { client, sent } = clientOver(
      Response.json([], { headers: { 'x-harbor-csrf-token': 'one' } }),
      Response.json([]),
      new Response(null),
    );
    await client.call(listProjects, {});
    await client.call(listProjects, {});
    await client.call(deleteProject, { params: { project_name_or_id: 'x' } });
    expect(sent.map((call) => call.headers.get('x-harbor-csrf-token'))).toEqual([null, null, 'one']);
  });

  it('leaves the body of raw answers and of HEAD unread', async () => {
    const { client } = clientOver(new Response('{"schemaVersion":2}'), new Response(null));
    const params = { project_name: 'p', repository_name: 'r', reference: 'v1' };
    const manifest = await client.call(getArtifactManifest, { params });
    expect(await manifest.response.text()).toBe('{"schemaVersion":2}');
    await client.call(headProject, { query: { project_name: 'x' } });
  });

  it('turns refusals into errors, whatever the body', async () => {
    const headers = { 'x-request-id': 'r-1', 'retry-after': '30' };
    const { client } = clientOver(
      Response.json({ errors: [{ code: 'TOO_MANY_REQUESTS', message: 'Wait.' }] }, { status: 429, headers }),
      new Response('<html>', { status: 502 }),
    );
    const refusal = await client.call(listProjects, {}).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS', requestId: 'r-1', retryAfterSeconds: 30 });
    await expect(client.call(listProjects, {})).rejects.toMatchObject({ status: 502, code: 'INTERNAL' });
  });
});

it('has types that follow the descriptors', () => {
  expectTypeOf<ResponseOf<typeof listProjects>>().toEqualTypeOf<Project[]>();
  expectTypeOf<ResponseOf<typeof listArtifacts>>().toEqualTypeOf<Artifact[]>();
  expectTypeOf<ResponseOf<typeof deleteProject>>().toEqualTypeOf<undefined>();
  expectTypeOf<Project['creation_time']>().toEqualTypeOf<string>();
  // Rooms give dates, the wire carries text.
  expectTypeOf<AnswerOf<typeof getRobot>['creation_time']>().toEqualTypeOf<Date | string>();
  expectTypeOf<ParamsOf<typeof getUser>>().toEqualTypeOf<{ user_id: number }>();
  expectTypeOf<ParamsOf<typeof listProjects>>().toEqualTypeOf<undefined>();
  expectTypeOf<QueryOf<typeof listArtifacts>['with_tag']>().toEqualTypeOf<boolean>();
  expectTypeOf<BodyOf<typeof createRobot>['level']>().toEqualTypeOf<'system' | 'project'>();
  expectTypeOf<CallInput<typeof getUser>['params']>().toEqualTypeOf<{ user_id: number | string }>();
  expectTypeOf<{ params: { user_id: string } }>().toExtend<CallInput<typeof getUser>>();
  expectTypeOf<Record<never, never>>().not.toExtend<CallInput<typeof getUser>>();
  expectTypeOf<{ body: { project_name: string } }>().toExtend<CallInput<typeof createProject>>();
  expectTypeOf<{ body: { name: string } }>().not.toExtend<CallInput<typeof createProject>>();
  expectTypeOf<{ query: { with_tag: boolean; page: number } }>().toExtend<{
    query?: CallInput<typeof listArtifacts>['query'];
  }>();
});
