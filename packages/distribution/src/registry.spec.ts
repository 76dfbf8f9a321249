import { afterEach, describe, expect, it } from 'vitest';
import { anonymousHooks } from './anonymous-hooks.ts';
import { type Decision, type Hooks, type MetadataStore, StorageFull, StoreUnavailable } from './ports/index.ts';
import type { RegistryOptions } from './registry.ts';
import { createMemoryStores, type MemoryStores } from './stores/index.ts';
import { image, randomContent } from './testing/protocol/content.ts';
import { headerValues, refusal } from './testing/protocol/http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient } from './testing/protocol/repository-client.ts';
import { serveRegistry } from './testing/serve-registry.ts';

let registry: RegistryUnderTest;
let stores: MemoryStores;
afterEach(() => registry.close());

async function start(options: Partial<RegistryOptions> = {}): Promise<RepositoryClient> {
  stores = createMemoryStores();
  registry = new RegistryUnderTest(await serveRegistry({ ...stores, ...options }));
  return registry.repository();
}

/** Anonymous hooks whose decision a test may change. */
function deciding(decide: (allowed: Decision, access: Parameters<Hooks['authorize']>[2]) => Decision): Hooks {
  const hooks = anonymousHooks();
  return { authorize: async (message, info, access) => decide(await hooks.authorize(message, info, access), access) };
}

describe('authorization', () => {
  it('is asked what each request needs, and no more (K9)', async () => {
    const asked: string[] = [];
    const repository = await start({
      hooks: deciding((allowed, access) => {
        if (access.kind === 'repository')
          asked.push(`${access.action}${access.mountFrom ? ` from ${access.mountFrom}` : ''}`);
        else asked.push(access.kind);
        return allowed;
      }),
    });
    const { digest } = randomContent();
    await registry.send('GET', '/v2/');
    await registry.send('GET', '/v2/_catalog');
    for (const path of ['tags/list', `referrers/${digest}`, `blobs/${digest}`, 'manifests/latest'])
      await repository.get(path);
    for (const path of [`blobs/${digest}`, 'manifests/latest']) await repository.send('DELETE', path);
    await repository.putManifest('latest', image(randomContent(), []));
    await repository.send('POST', 'blobs/uploads/');
    await repository.send('POST', `blobs/uploads/?mount=${digest}&from=a/b`);
    await repository.send('POST', `blobs/uploads/?mount=${digest}`);
    await repository.send('POST', 'blobs/uploads/?from=a/b');
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) await repository.send(method, 'blobs/uploads/x');
    expect(asked).toEqual([
      'ping',
      'catalog',
      ...['pull', 'pull', 'pull', 'pull'],
      ...['delete', 'delete'],
      ...['push', 'push', 'push from a/b', 'push', 'push'],
      ...['push', 'push', 'push', 'push'],
    ]);
  });

  it('refuses with a challenge, a reason or a pause, as JSON (K1, T15, T16)', async () => {
    let refused: Decision = {
      allowed: false,
      status: 401,
      code: 'UNAUTHORIZED',
      message: 'log in',
      challenge: 'Bearer realm="r"',
    };
    const repository = await start({ hooks: deciding(() => refused) });
    const challenged = await registry.send('GET', '/v2/');
    expect(refusal(challenged)).toEqual([401, 'UNAUTHORIZED']);
    expect(challenged.headers['www-authenticate']).toBe('Bearer realm="r"');
    expect(challenged.headers['docker-distribution-api-version']).toBe('registry/2.0');
    refused = { allowed: false, status: 429, code: 'TOOMANYREQUESTS', message: 'slow down', retryAfterSeconds: 7 };
    const slowed = await repository.get('manifests/latest');
    expect(refusal(slowed)).toEqual([429, 'TOOMANYREQUESTS']);
    expect(slowed.headers['retry-after']).toBe('7');
    refused = { allowed: false, status: 404, code: 'NAME_UNKNOWN', message: 'no' };
    expect(refusal(await repository.get('tags/list'))).toEqual([404, 'NAME_UNKNOWN']);
  });

  it('comes before the body is read, and an unread body does no harm to the next request (T9)', async () => {
    let allow = false;
    const denied: Decision = { allowed: false, status: 403, code: 'DENIED', message: 'no' };
    const repository = await start({ hooks: deciding((allowed) => (allow ? allowed : denied)) });
    const blob = randomContent(100_000);
    for (let round = 0; round < 3; round++) {
      const reply = await repository.send('POST', `blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes });
      expect(refusal(reply)).toEqual([403, 'DENIED']);
      expect((await repository.putManifest('latest', image(blob, []), { chunked: true })).status).toBe(403);
    }
    allow = true;
    expect((await repository.send('POST', `blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes })).status).toBe(
      201,
    );
  });

  it('falls back to an upload when the source of a mount may not be read (M4, S66)', async () => {
    const repository = await start({
      hooks: deciding((allowed) => (allowed.allowed ? { ...allowed, mountFrom: undefined } : allowed)),
    });
    const source = registry.repository('source');
    const blob = await source.pushBlob();
    const reply = await repository.send('POST', `blobs/uploads/?mount=${blob.digest}&from=${source.name}`);
    expect(reply.status).toBe(202);
    expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(404);
  });

  it('lets a repository accept manifests with missing content (P6, P8)', async () => {
    const repository = await start({ hooks: deciding((allowed) => ({ ...allowed, allowMissing: true }) as Decision) });
    expect((await repository.putManifest('lax', image(randomContent(), [randomContent()]))).status).toBe(201);
  });
});

describe('hooks', () => {
  it('may refuse a pull, alike for HEAD and GET, or warn (T14, T16)', async () => {
    let verdict: Awaited<ReturnType<NonNullable<Hooks['beforePull']>>> = { warnings: ['not signed', 'quota "soon"'] };
    const seen: string[] = [];
    const repository = await start({
      hooks: {
        ...anonymousHooks(),
        beforePull: async (_repository, caller, manifest) => {
          seen.push(`${caller.id} ${manifest.mediaType} ${manifest.size > 0}`);
          return verdict;
        },
      },
    });
    const pushed = await repository.pushImage('latest');
    const warned = await repository.get('manifests/latest');
    expect(headerValues(warned, 'Warning')).toEqual(['299 - "not signed"', '299 - "quota \\"soon\\""']);
    verdict = { refused: 'it is not signed' };
    for (const path of ['manifests/latest', `manifests/${pushed.digest}`]) {
      const reply = await repository.get(path);
      expect(refusal(reply)).toEqual([403, 'DENIED']);
      expect(reply.body.toString()).toContain('it is not signed');
      expect((await repository.head(path)).status).toBe(403);
    }
    expect(seen[0]).toBe('anonymous application/vnd.oci.image.manifest.v1+json true');
  });

  it('may refuse a push before anything is stored, or warn (T14, T17)', async () => {
    let verdict: Awaited<ReturnType<NonNullable<Hooks['beforeManifestPut']>>> = { refused: 'the tag is frozen' };
    const seen: unknown[] = [];
    const repository = await start({
      hooks: {
        ...anonymousHooks(),
        beforeManifestPut: async (_context, manifest, tags) => {
          seen.push([manifest.digest, tags]);
          return verdict;
        },
      },
    });
    const pushed = image(await repository.pushBlob(), []);
    const refused = await repository.putManifest('latest', pushed);
    expect(refusal(refused)).toEqual([403, 'DENIED']);
    expect((await repository.head(`manifests/${pushed.digest}`)).status).toBe(404);
    verdict = { warnings: ['almost full'] };
    const warned = await repository.putManifest(`${pushed.digest}?tag=a&tag=b`, pushed);
    expect([warned.status, warned.headers.warning]).toEqual([201, '299 - "almost full"']);
    expect(seen).toEqual([
      [pushed.digest, ['latest']],
      [pushed.digest, ['a', 'b']],
    ]);
  });

  it('learn of every manifest that was read, with the tag it was asked for by (F1, F2)', async () => {
    const reads: unknown[] = [];
    const hooks: Hooks = { ...anonymousHooks(), afterManifestRead: (_context, read) => reads.push(read) };
    const repository = await start({ hooks });
    const { digest } = await repository.pushImage('latest');
    await repository.head('manifests/latest');
    await repository.get(`manifests/${digest}`);
    await repository.get('manifests/latest', { 'if-none-match': `"${digest}"` });
    await repository.get('manifests/absent');
    expect(reads).toEqual([
      { method: 'HEAD', digest, tag: 'latest' },
      { method: 'GET', digest, tag: undefined },
      { method: 'GET', digest, tag: 'latest' },
    ]);
  });
});

describe('failures of stores', () => {
  const secret = 'password=hunter2 at /var/lib/registry';

  async function startFailing(method: keyof MetadataStore, error: () => Error) {
    const errors: unknown[] = [];
    const memory = createMemoryStores();
    const metadata = { ...memory.metadata, [method]: async () => Promise.reject(error()) };
    const hooks = anonymousHooks({ onError: (_request, cause) => errors.push(cause) });
    return { repository: await start({ metadata, hooks }), errors };
  }

  it('are reported inside and hidden outside (S118)', async () => {
    const cause = new Error(secret);
    const { repository, errors } = await startFailing('findManifest', () => cause);
    const reply = await repository.get('manifests/latest');
    expect(refusal(reply)).toEqual([500, 'UNKNOWN']);
    expect(reply.body.toString()).not.toContain('hunter2');
    expect(reply.body.toString()).toMatch(/request [0-9a-f]+-\d+/);
    expect(errors).toEqual([cause]);
  });

  it('are 503 with a pause while a store is away, and 507 when it is full (R5, R28)', async () => {
    const away = await startFailing('findBlob', () => new StoreUnavailable(new Error(secret), 3));
    const unavailable = await away.repository.get(`blobs/${randomContent().digest}`);
    expect(refusal(unavailable)).toEqual([503, 'UNAVAILABLE']);
    expect(unavailable.headers['retry-after']).toBe('3');
    await registry.close();
    const full = await startFailing('linkBlob', () => new StorageFull(new Error(secret)));
    const blob = randomContent();
    const reply = await full.repository.send('POST', `blobs/uploads/?digest=${blob.digest}`, { body: blob.bytes });
    expect(refusal(reply)).toEqual([507, 'UNAVAILABLE']);
    expect(reply.body.toString()).not.toContain('hunter2');
  });

  it('never let missing or shortened bytes out (R2, R8)', async () => {
    const repository = await start({ hooks: anonymousHooks(), limits: { cacheBytes: 0 } });
    const [missing, short] = [await repository.pushBlob(), await repository.pushBlob()];
    await stores.blobs.remove(missing.digest);
    stores.blobs.adopt(short.digest, short.bytes.subarray(1));
    for (const { digest } of [missing, short])
      expect(refusal(await repository.get(`blobs/${digest}`))).toEqual([500, 'UNKNOWN']);
  });

  it('end the session whose blob could not be linked, and a new upload succeeds (R9)', async () => {
    let failing = true;
    const memory = createMemoryStores();
    const linkBlob: MetadataStore['linkBlob'] = async (context, blob) => {
      if (failing) throw new Error('the answer of the database was lost');
      return memory.metadata.linkBlob(context, blob);
    };
    const repository = await start({ ...memory, metadata: { ...memory.metadata, linkBlob } });
    const blob = randomContent();
    const location = await repository.startUpload();
    expect((await repository.finish(location, blob.digest, blob.bytes)).status).toBe(500);
    expect(refusal(await repository.finish(location, blob.digest, blob.bytes))).toEqual([404, 'BLOB_UPLOAD_UNKNOWN']);
    failing = false;
    await repository.pushBlob(blob);
    expect((await repository.get(`blobs/${blob.digest}`)).body.equals(blob.bytes)).toBe(true);
  });
});

describe('options', () => {
  it('switch off every removal of content, but not cancelling an upload (S75)', async () => {
    const repository = await start({ allowDelete: false });
    const pushed = await repository.pushImage('latest');
    for (const path of ['manifests/latest', `manifests/${pushed.digest}`, `blobs/${randomContent().digest}`]) {
      expect(refusal(await repository.send('DELETE', path))).toEqual([405, 'UNSUPPORTED']);
    }
    expect((await repository.get('manifests/latest')).status).toBe(200);
    expect((await repository.send('DELETE', await repository.startUpload())).status).toBe(204);
  });

  it('refuse names that would be too long behind the host clients use (T4)', async () => {
    await start({ externalUrl: new URL('https://registry.example.com:8443') });
    const longest = 255 - 'registry.example.com:8443/'.length;
    const post = (length: number) => registry.send('POST', `/v2/${'a'.repeat(length)}/blobs/uploads/`);
    expect((await post(longest)).status).toBe(202);
    expect(refusal(await post(longest + 1))).toEqual([400, 'NAME_INVALID']);
    const manifest = image(randomContent(), []);
    const put = await registry.send('PUT', `/v2/${'a'.repeat(longest + 1)}/manifests/x`, { body: manifest.bytes });
    expect(refusal(put)).toEqual([400, 'NAME_INVALID']);
  });

  it('send downloads to the storage when it can serve them, HEAD excepted (B8, S79)', async () => {
    const memory = createMemoryStores();
    const downloadUrl = async (digest: string, seconds: number) =>
      new URL(`https://storage.example.com/${digest}?for=${seconds}`);
    const blobs = Object.assign(memory.blobs, { downloadUrl });
    const repository = await start({ ...memory, blobs, redirectSeconds: 60 });
    const blob = await repository.pushBlob();
    const reply = await repository.get(`blobs/${blob.digest}`, { range: 'bytes=0-1' });
    expect([reply.status, reply.headers.location]).toEqual([307, `https://storage.example.com/${blob.digest}?for=60`]);
    expect(reply.headers['cache-control']).toBe('no-store');
    expect((await repository.head(`blobs/${blob.digest}`)).status).toBe(200);
  });

  it('serve from here when the storage cannot', async () => {
    const repository = await start({ redirectSeconds: 60 });
    const blob = await repository.pushBlob();
    expect((await repository.get(`blobs/${blob.digest}`)).status).toBe(200);
  });
});

describe('purging uploads', () => {
  it('drops what nobody continues, with and without a session, and nothing else (U14)', async () => {
    const repository = await start();
    const served = registry.target as Awaited<ReturnType<typeof serveRegistry>>;
    const location = repository.locationOf(
      await repository.patch(await repository.startUpload(), Buffer.from('hello')),
      202,
    );
    await stores.uploads.append('left-by-a-crash', 0, chunks('hello'));
    expect(await served.registry.operations.purgeUploads(new Date(Date.now() - 3600_000))).toBe(0);
    expect((await repository.get(location)).status).toBe(204);
    expect(await served.registry.operations.purgeUploads(new Date(Date.now() + 3600_000))).toBe(2);
    expect((await repository.get(location)).status).toBe(404);
    expect(await stores.uploads.listIdle(new Date(Date.now() + 3600_000), 10)).toEqual([]);
  });
});

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
