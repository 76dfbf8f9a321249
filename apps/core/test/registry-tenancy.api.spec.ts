import {
  createProject,
  createProjectMember,
  deleteProject,
  deleteProjectMember,
  listProjectMembers,
  updateProject,
} from '@moorage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authorization,
  type Credentials,
  fetchToken,
  pushBlob,
  pushImage,
  putManifest,
  sha256,
  withToken,
} from './support/registry.ts';
import { type Actor, type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

describe('what one tenant can see and do of another through /v2', () => {
  let core: TestCore;
  let scene: Scene;

  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
  });

  afterAll(() => core.stop());

  const ask = (credentials: Credentials, method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(core.url + path, {
      ...init,
      method,
      headers: { ...(init.headers as object), ...authorization(credentials) },
    });
  const status = async (answer: Promise<Response>): Promise<number> => {
    const response = await answer;
    await response.body?.cancel();
    return response.status;
  };
  const granted = async (actor: Actor, ...scopes: string[]): Promise<string[]> => {
    const { access } = await fetchToken(core, actor.credentials, scopes);
    return access
      .filter(({ actions }) => actions.length > 0)
      .map(({ name, actions }) => `${name}:${actions.toSorted().join('+')}`);
  };

  it('S17 a token grants what is asked and allowed, and nothing else', async () => {
    const everything = 'repository:priva/app:pull,push,delete,*';
    expect(await granted(scene.members.guest, everything)).toEqual(['priva/app:pull']);
    expect(await granted(scene.members.developer, everything)).toEqual(['priva/app:pull+push']);
    expect(await granted(scene.members.maintainer, 'repository:priva/app:pull,push,delete')).toEqual([
      'priva/app:delete+pull+push',
    ]);
    expect(await granted(scene.members.maintainer, 'repository:priva/app:pull')).toEqual(['priva/app:pull']);
    expect(await granted(scene.pullRobot, everything)).toEqual(['priva/app:pull']);
    for (const scope of [
      'repository:privb/app:pull',
      'repository:*:*',
      'repository:PRIVA/app:pull',
      'registry:catalog:*',
      'artifact:priva/app:pull',
      'repository:priva/app',
      'repository::pull',
    ]) {
      expect(await granted(scene.members.developer, scope), scope).toEqual([]);
    }
    expect(await granted(scene.members.guest, 'repository:priva/app:pull repository:privb/app:pull')).toEqual([
      'priva/app:pull',
    ]);
    const many = Array.from({ length: 60 }, (_, index) => `repository:priva/app${index}:pull`);
    expect((await fetchToken(core, scene.members.guest.credentials, many)).status).toBe(400);
  });

  it('S18 each method needs its own right', async () => {
    const digest = (await pushImage(core, scene.admin.credentials, 'priva/verbs', 'v1')).digest;
    const cells: [Actor, string, string, number][] = [
      [scene.pullRobot, 'GET', '/v2/priva/verbs/manifests/v1', 200],
      [scene.pullRobot, 'HEAD', '/v2/priva/verbs/manifests/v1', 200],
      [scene.pullRobot, 'POST', '/v2/priva/verbs/blobs/uploads/', 403],
      [scene.pullRobot, 'PUT', '/v2/priva/verbs/manifests/v1', 403],
      [scene.pullRobot, 'DELETE', `/v2/priva/verbs/manifests/${digest}`, 403],
      [scene.pushRobot, 'POST', '/v2/priva/verbs/blobs/uploads/', 202],
      [scene.pushRobot, 'DELETE', '/v2/priva/verbs/manifests/v1', 403],
      [scene.pushRobot, 'DELETE', `/v2/priva/verbs/manifests/${digest}`, 403],
      [scene.pushRobot, 'DELETE', `/v2/priva/verbs/blobs/${digest}`, 403],
      [scene.members.developer, 'DELETE', `/v2/priva/verbs/manifests/${digest}`, 403],
      [scene.members.maintainer, 'DELETE', '/v2/priva/verbs/manifests/v1', 202],
      [scene.members.maintainer, 'DELETE', `/v2/priva/verbs/manifests/${digest}`, 202],
    ];
    for (const [actor, method, path, expected] of cells)
      expect(await status(ask(actor.credentials, method, path)), `${actor.name} ${method} ${path}`).toBe(expected);
  });

  it('S20 S60 a token of a deleted project opens nothing of its successor', async () => {
    await core.admin.call(createProject, { body: { project_name: 'phoenix' } });
    const { token } = await fetchToken(core, scene.admin.credentials, ['repository:phoenix/app:pull,push']);
    expect((await withToken(core, token, 'GET', '/v2/phoenix/app/tags/list')).status).toBe(404);
    await core.admin.call(deleteProject, { params: { project_name_or_id: 'phoenix' } });
    await core.admin.call(createProject, { body: { project_name: 'phoenix' } });
    await pushImage(core, scene.admin.credentials, 'phoenix/app', 'v1');
    core.clock.advanceMinutes(0.1);
    for (const [method, path] of [
      ['GET', '/v2/phoenix/app/manifests/v1'],
      ['GET', '/v2/phoenix/app/tags/list'],
      ['POST', '/v2/phoenix/app/blobs/uploads/'],
    ] as const) {
      expect((await withToken(core, token, method, path)).status, path).toBe(401);
    }
  });

  it('S21 anonymous tokens pull public content only, and tell nothing else', async () => {
    expect(await granted(scene.anonymous, 'repository:pub/app:pull,push,delete')).toEqual(['pub/app:pull']);
    const shape = async (name: string): Promise<unknown> => {
      const { status: code, access } = await fetchToken(core, undefined, [`repository:${name}/app:pull`]);
      return { code, access: access.map(({ actions }) => actions) };
    };
    expect(await shape('priva')).toEqual(await shape('never'));
    for (const path of ['/service/token/', '//service/token', '/Service/Token', '/service/%74oken']) {
      const answer = await fetch(`${core.url}${path}?service=harbor-registry&scope=repository:priva/app:pull`);
      expect(await answer.text(), path).not.toContain('"token"');
    }
  });

  it('S22 a right that is taken away ends within seconds, whatever the token says', async () => {
    const { client, id } = await core.createUser('shortlived');
    expect(client).toBeDefined();
    const credentials = { name: 'shortlived', password: 'User-Passw0rd-of-tests' };
    await core.admin.call(updateProject, {
      params: { project_name_or_id: 'pub' },
      body: { metadata: { public: 'true' } },
    });
    const { token } = await fetchToken(core, credentials, ['repository:pub/app:pull']);
    expect((await withToken(core, token, 'GET', '/v2/pub/app/manifests/v1')).status).toBe(200);
    await core.admin.call(updateProject, {
      params: { project_name_or_id: 'pub' },
      body: { metadata: { public: 'false' } },
    });
    core.clock.advanceMinutes(0.1);
    expect((await withToken(core, token, 'GET', '/v2/pub/app/manifests/v1')).status).toBe(401);
    await core.admin.call(updateProject, {
      params: { project_name_or_id: 'pub' },
      body: { metadata: { public: 'true' } },
    });
    const guest = scene.members.limitedGuest;
    const guestToken = (await fetchToken(core, guest.credentials, ['repository:priva/app:pull'])).token;
    expect((await withToken(core, guestToken, 'GET', '/v2/priva/app/manifests/v1')).status).toBe(200);
    const { data: members } = await core.admin.call(listProjectMembers, {
      params: { project_name_or_id: 'priva' },
      query: { entityname: guest.name },
    });
    await core.admin.call(deleteProjectMember, { params: { project_name_or_id: 'priva', mid: members[0]?.id ?? 0 } });
    core.clock.advanceMinutes(0.1);
    expect((await withToken(core, guestToken, 'GET', '/v2/priva/app/manifests/v1')).status).toBe(401);
    expect(id).toBeGreaterThan(0);
  });

  it('S23 a robot may do the same through every door', async () => {
    const { credentials } = scene.pullRobot;
    const { token } = await fetchToken(core, credentials, ['repository:priva/app:pull,push']);
    expect((await withToken(core, token, 'GET', '/v2/priva/app/manifests/v1')).status).toBe(200);
    expect((await withToken(core, token, 'POST', '/v2/priva/app/blobs/uploads/')).status).toBe(401);
    expect(await status(ask(credentials, 'POST', '/v2/priva/app/blobs/uploads/'))).toBe(403);
    expect(await status(ask(credentials, 'GET', '/api/v2.0/projects/priva/members'))).toBe(403);
    const form = await fetch(`${core.url}/service/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        service: 'harbor-registry',
        client_id: 't',
        username: credentials?.name ?? '',
        password: credentials?.password ?? '',
        scope: 'repository:priva/app:pull,push',
      }),
    });
    expect(await form.json()).toMatchObject({ scope: 'repository:priva/app:pull' });
    expect(
      (
        await fetch(`${core.url}/c/login`, {
          method: 'POST',
          body: new URLSearchParams({ principal: credentials?.name ?? '', password: credentials?.password ?? '' }),
        })
      ).status,
    ).toBe(403);
  });

  it('S61 an upload does not go on after the right to push is taken away', async () => {
    const credentials = { name: 'leaver', password: USER_PASSWORD };
    await core.createUser('leaver');
    const project = { project_name_or_id: 'priva' };
    const { location: member } = await core.admin.call(createProjectMember, {
      params: project,
      body: { role_id: 2, member_user: { username: 'leaver' } },
    });
    const stayer = scene.members.developer.credentials;
    const begin = async (who: Credentials) =>
      (await ask(who, 'POST', '/v2/priva/long/blobs/uploads/')).headers.get('location') ?? '';
    const append = async (who: Credentials, location: string, body: string) => {
      const answer = await ask(who, 'PATCH', location, { body });
      return { status: answer.status, next: answer.headers.get('location') ?? location };
    };
    let leaving = await begin(credentials);
    let staying = await begin(stayer);
    for (let chunk = 0; chunk < 3; chunk++) {
      const [first, second] = [await append(credentials, leaving, 'part '), await append(stayer, staying, 'part ')];
      expect([first.status, second.status]).toEqual([202, 202]);
      [leaving, staying] = [first.next, second.next];
    }
    await core.admin.call(deleteProjectMember, { params: { ...project, mid: Number(member?.split('/').at(-1)) } });
    core.clock.advanceMinutes(0.1);
    const end = (location: string) =>
      `${location}${location.includes('?') ? '&' : '?'}digest=${sha256('part part part ')}`;
    expect([401, 403]).toContain(await status(ask(credentials, 'PATCH', leaving, { body: 'part ' })));
    expect([401, 403]).toContain(await status(ask(credentials, 'PUT', end(leaving))));
    expect([401, 403]).toContain(await status(ask(credentials, 'GET', leaving)));
    const mount = `/v2/priva/long/blobs/uploads/?mount=${sha256('x')}&from=priva/app`;
    expect([401, 403]).toContain(await status(ask(credentials, 'POST', mount)));
    expect(await status(ask(stayer, 'PUT', end(staying)))).toBe(201);
  });

  it('S63 an upload belongs to who began it, in the repository where he began it', async () => {
    const begun = await ask(scene.members.developer.credentials, 'POST', '/v2/priva/mine/blobs/uploads/');
    const location = begun.headers.get('location') ?? '';
    const patch = await ask(scene.members.developer.credentials, 'PATCH', location, { body: 'first half ' });
    expect(patch.status).toBe(202);
    const others: [Credentials, string][] = [
      [scene.members.maintainer.credentials, location],
      [scene.admin.credentials, location],
      [scene.members.developer.credentials, location.replace('/priva/mine/', '/priva/other/')],
      [scene.stranger.credentials, location.replace('/priva/mine/', '/privb/app/')],
    ];
    for (const [credentials, path] of others) {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        expect(
          await status(ask(credentials, method, path, method === 'PATCH' ? { body: 'x' } : {})),
          `${method} ${path}`,
        ).toBe(404);
      }
    }
    const digest = sha256('first half second half');
    const next = patch.headers.get('location') ?? '';
    const end = await ask(
      scene.members.developer.credentials,
      'PUT',
      `${next}${next.includes('?') ? '&' : '?'}digest=${digest}`,
      { body: 'second half' },
    );
    expect(end.status).toBe(201);
  });

  it('S65 S67 a blob of another tenant is the same as no blob', async () => {
    const foreign = await pushBlob(core, scene.stranger.credentials, 'privb/app', 'secret of b');
    const absent = sha256('nobody has this');
    const answers = async (digest: string): Promise<unknown[]> => {
      const developer = scene.members.developer.credentials;
      const probes = await Promise.all([
        ask(developer, 'GET', `/v2/priva/app/blobs/${digest}`),
        ask(developer, 'HEAD', `/v2/priva/app/blobs/${digest}`),
        ask(developer, 'GET', `/v2/privb/app/blobs/${digest}`),
        ask(developer, 'GET', `/v2/pub/app/blobs/${digest}`),
        ask(developer, 'POST', `/v2/priva/app/blobs/uploads/?mount=${digest}`),
        ask(developer, 'POST', `/v2/priva/app/blobs/uploads/?mount=${digest}&from=privb/app`),
      ]);
      return Promise.all(
        probes.map(async (response) => ({
          status: response.status,
          body: (await response.text()).replaceAll(digest, ''),
        })),
      );
    };
    expect(await answers(foreign)).toEqual(await answers(absent));
    expect(await status(ask(scene.stranger.credentials, 'GET', `/v2/privb/app/blobs/${foreign}`))).toBe(200);
  });

  it('S66 a mount needs the right to pull from the source', async () => {
    const { layer } = await pushImage(core, scene.admin.credentials, 'privb/base', 'v1', 'layer to mount');
    const mount = (actor: Actor, from: string): Promise<number> =>
      status(ask(actor.credentials, 'POST', `/v2/priva/app/blobs/uploads/?mount=${layer}&from=${from}`));
    expect(await mount(scene.members.developer, 'privb/base')).toBe(202);
    expect(await mount(scene.pushRobot, 'privb/base')).toBe(202);
    expect(await mount(scene.members.developer, 'no/such')).toBe(202);
    expect(await mount(scene.admin, 'privb/base')).toBe(201);
  });

  it("S73 a manifest cannot name what its pusher's repository does not have", async () => {
    const foreign = await pushImage(core, scene.stranger.credentials, 'privb/source', 'v1', 'layer that stays in b');
    const config = await pushBlob(core, scene.members.developer.credentials, 'priva/thief', '{}');
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config, size: 2 },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: foreign.layer, size: 21 }],
    });
    const refused = await putManifest(core, scene.members.developer.credentials, 'priva/thief', 'v1', manifest);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN' }] });
    expect(
      await status(ask(scene.members.developer.credentials, 'GET', `/v2/priva/thief/blobs/${foreign.layer}`)),
    ).toBe(404);
  });

  it('S68 referrers are those of this repository only', async () => {
    const subject = await pushImage(core, scene.admin.credentials, 'priva/signed', 'v1', 'same everywhere');
    await pushImage(core, scene.admin.credentials, 'privb/signed', 'v1', 'same everywhere');
    const config = await pushBlob(core, scene.stranger.credentials, 'privb/signed', '{}');
    const referrer = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.example.note',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config, size: 2 },
      layers: [],
      subject: { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: subject.digest, size: 1 },
    });
    expect(
      (await putManifest(core, scene.stranger.credentials, 'privb/signed', sha256(referrer), referrer)).status,
    ).toBe(201);
    const listed = async (credentials: Credentials, repository: string): Promise<unknown[]> =>
      (
        (await (await ask(credentials, 'GET', `/v2/${repository}/referrers/${subject.digest}`)).json()) as {
          manifests: unknown[];
        }
      ).manifests;
    expect(await listed(scene.stranger.credentials, 'privb/signed')).toHaveLength(1);
    expect(await listed(scene.members.guest.credentials, 'priva/signed')).toHaveLength(0);
    expect(await status(fetch(`${core.url}/v2/privb/signed/referrers/${subject.digest}`))).toBe(401);
  });

  it("S75 deleting a blob or manifest here leaves the other tenant's alone", async () => {
    const here = await pushImage(core, scene.admin.credentials, 'priva/shared', 'v1', 'shared layer');
    await pushImage(core, scene.admin.credentials, 'privb/shared', 'v1', 'shared layer');
    expect(
      await status(ask(scene.members.maintainer.credentials, 'DELETE', `/v2/priva/shared/manifests/${here.digest}`)),
    ).toBe(202);
    expect(
      await status(ask(scene.members.maintainer.credentials, 'DELETE', `/v2/priva/shared/blobs/${here.layer}`)),
    ).toBe(202);
    expect(await status(ask(scene.members.guest.credentials, 'GET', '/v2/priva/shared/manifests/v1'))).toBe(404);
    expect(await status(ask(scene.members.guest.credentials, 'GET', `/v2/priva/shared/blobs/${here.layer}`))).toBe(404);
    expect(await status(ask(scene.stranger.credentials, 'GET', '/v2/privb/shared/manifests/v1'))).toBe(200);
    expect(await status(ask(scene.stranger.credentials, 'GET', `/v2/privb/shared/blobs/${here.layer}`))).toBe(200);
  });
});
