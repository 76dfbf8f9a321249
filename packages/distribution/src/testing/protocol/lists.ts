import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OCI_IMAGE_INDEX } from '../../manifest/media-type.ts';
import { randomContent } from './content.ts';
import { headerValues, type Reply, refusal } from './http-exchange.ts';
import { RegistryUnderTest, type RepositoryClient } from './repository-client.ts';
import type { StartTarget } from './target.ts';

/** The target of a Link header with rel="next", or undefined. */
export function nextOf(reply: Reply): string | undefined {
  const [link] = headerValues(reply, 'Link');
  if (link === undefined) return undefined;
  const match = /^<(\/v2\/[^>]*)>; rel="next"$/.exec(link);
  if (!match) throw new Error(`the Link is ${link}`);
  return match[1];
}

/** tags/list and _catalog with their pages (L1–L7, S76). */
export function describeLists(start: StartTarget): void {
  describe('tags and catalog', () => {
    let registry: RegistryUnderTest;
    let repository: RepositoryClient;
    const names = ['0', '1.10', '1.9', 'A', '_x', 'a', 'a-1', 'a.1', 'a_1', 'b', 'test0', 'test1', 'test2'];
    beforeAll(async () => {
      registry = new RegistryUnderTest(await start());
      repository = registry.repository();
      const pushed = await repository.pushImage();
      await repository.putManifest(`${pushed.digest}?${names.map((name) => `tag=${name}`).join('&')}`, pushed);
    });
    afterAll(() => registry.close());

    async function tags(query = '', client = repository): Promise<string[]> {
      const reply = await client.get(`tags/list${query}`);
      if (reply.status !== 200) throw new Error(`tags/list was ${reply.status}`);
      const list = JSON.parse(reply.body.toString()) as { name: string; tags: string[] };
      expect(list.name).toBe(client.name);
      return list.tags;
    }

    it('lists tags in byte order with its exact type (L1)', async () => {
      expect(await tags()).toEqual(names);
      const reply = await repository.get('tags/list');
      expect(reply.headers['content-type']).toBe('application/json');
      expect(reply.headers.link).toBeUndefined();
    });

    it('lists nothing, but a list, in a repository without tags, and knows none that is new (L1)', async () => {
      const fresh = registry.repository();
      expect(refusal(await fresh.get('tags/list'))).toEqual([404, 'NAME_UNKNOWN']);
      await fresh.pushBlob();
      expect(await tags('', fresh)).toEqual([]);
      await fresh.pushImage();
      expect(await tags('', fresh)).toEqual([]);
    });

    it('limits by n and starts behind last, which need not exist (L2, L3)', async () => {
      expect(await tags('?n=4')).toEqual(names.slice(0, 4));
      expect(await tags('?n=1000')).toEqual(names);
      expect(await tags('?last=a')).toEqual(names.slice(6));
      expect(await tags('?last=aaa&n=2')).toEqual(['b', 'test0']);
      expect(await tags('?last=zzz')).toEqual([]);
      expect(await tags("?last=' or '1'='1".replaceAll(' ', '%20'))).toEqual(names);
    });

    it('leads through all pages by Link and keeps other parameters (L4)', async () => {
      const walked: string[] = [];
      let path: string | undefined = 'tags/list?n=5&ns=example.com';
      let pages = 0;
      while (path !== undefined && pages++ < 10) {
        const reply = await repository.get(path);
        walked.push(...(JSON.parse(reply.body.toString()) as { tags: string[] }).tags);
        path = nextOf(reply);
        if (path) expect(path).toContain('ns=example.com');
      }
      expect(walked).toEqual(names);
      expect(pages).toBe(3);
    });

    it('has no next page behind a full last one (L2)', async () => {
      const reply = await repository.get(`tags/list?n=${names.length}`);
      expect(reply.headers.link).toBeUndefined();
    });

    it('lists nothing for n=0, without a Link (L2)', async () => {
      const reply = await repository.get('tags/list?n=0');
      expect(JSON.parse(reply.body.toString())).toMatchObject({ tags: [] });
      expect(reply.headers.link).toBeUndefined();
      expect((await registry.repository().get('tags/list?n=0')).status).toBe(404);
    });

    it.each(['-1', 'abc', '1e308', '1.5', '0x10', '', '%20'])('refuses n=%s (L2, S76)', async (n) => {
      expect(refusal(await repository.get(`tags/list?n=${n}`))).toEqual([400, 'PAGINATION_NUMBER_INVALID']);
      expect(refusal(await registry.send('GET', `/v2/_catalog?n=${n}`))).toEqual([400, 'PAGINATION_NUMBER_INVALID']);
    });

    it.each(['1000000000', '9007199254740993', '99999999999999999999'])('clamps n=%s (S76)', async (n) => {
      expect(await tags(`?n=${n}`)).toEqual(names);
    });

    it.each(['%00', '%0a', '%c3%a4', 'x'.repeat(256)])('refuses the position %s (S76)', async (last) => {
      expect((await repository.get(`tags/list?last=${last}`)).status).toBe(400);
    });

    it('pages a long list without repeating or skipping (L6)', async () => {
      const long = registry.repository();
      const pushed = await long.pushImage();
      const all = Array.from({ length: 1150 }, (_, index) => `v${String(index).padStart(5, '0')}`);
      for (let index = 0; index < all.length; index += 50) {
        const query = all.slice(index, index + 50).map((name) => `tag=${name}`);
        expect((await long.putManifest(`${pushed.digest}?${query.join('&')}`, pushed)).status).toBe(201);
      }
      const first = await long.get('tags/list');
      const second = await long.get(nextOf(first) ?? '');
      const [head, tail] = [first, second].map(
        (reply) => (JSON.parse(reply.body.toString()) as { tags: string[] }).tags,
      );
      expect([...(head ?? []), ...(tail ?? [])]).toEqual(all);
      expect(second.headers.link).toBeUndefined();
    });

    it('forgets a deleted tag at once, and those of a deleted manifest (L5)', async () => {
      const client = registry.repository();
      const [one, two] = [await client.pushImage('one'), await client.pushImage('two')];
      await client.pushManifest(two, 'too');
      await client.send('DELETE', 'manifests/one');
      expect(await tags('', client)).toEqual(['too', 'two']);
      await client.send('DELETE', `manifests/${two.digest}`);
      expect(await tags('', client)).toEqual([]);
      expect((await client.head(`manifests/${one.digest}`)).status).toBe(200);
    });

    it('lists repositories in order and in pages (L7)', async () => {
      const label = `catalog-${Date.now().toString(36)}`;
      const clients = ['c', 'a', 'b'].map((name) => registry.repository(`${label}-${name}`));
      for (const client of clients) await client.pushBlob(randomContent(10));
      const expected = clients.map(({ name }) => name).sort();
      const walked: string[] = [];
      let path: string | undefined = `/v2/_catalog?n=2`;
      for (let pages = 0; path !== undefined && pages < 500; pages++) {
        const reply = await registry.send('GET', path, {}, expected);
        expect(reply.status).toBe(200);
        const { repositories } = JSON.parse(reply.body.toString()) as { repositories: string[] };
        expect(repositories.length).toBeLessThanOrEqual(2);
        walked.push(...repositories);
        path = nextOf(reply);
      }
      expect(walked.filter((name) => name.includes(label))).toEqual(expected);
      expect(walked).toEqual([...walked].sort());
      const after = await registry.send('GET', `/v2/_catalog?n=1&last=${encodeURIComponent(expected[0] ?? '')}`);
      expect((JSON.parse(after.body.toString()) as { repositories: string[] }).repositories).toEqual([expected[1]]);
      const none = await registry.send('GET', '/v2/_catalog?n=0');
      expect([none.status, none.headers.link]).toEqual([200, undefined]);
    });

    it('never lists a repository that only has an open upload (L7)', async () => {
      const client = registry.repository('unfinished');
      await client.startUpload();
      expect((await client.get('tags/list')).status).toBe(404);
      expect((await client.get(`referrers/${randomContent().digest}`)).headers['content-type']).toBe(OCI_IMAGE_INDEX);
    });
  });
}
