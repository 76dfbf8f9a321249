import { describe, expect, it } from 'vitest';
import { RegistryError } from '../error.ts';
import { Random } from '../testing/random.ts';
import { parseRoute, type Route } from './route.ts';

/** The path a route stands for, written by hand. */
function pathOf(route: Route): string {
  switch (route.kind) {
    case 'ping':
      return '/v2/';
    case 'catalog':
      return '/v2/_catalog';
    case 'manifest':
      return `/v2/${route.name}/manifests/${route.reference}`;
    case 'blob':
      return `/v2/${route.name}/blobs/${route.digest}`;
    case 'uploads':
      return `/v2/${route.name}/blobs/uploads/`;
    case 'upload':
      return `/v2/${route.name}/blobs/uploads/${route.id}`;
    case 'tags':
      return `/v2/${route.name}/tags/list`;
    case 'referrers':
      return `/v2/${route.name}/referrers/${route.digest}`;
  }
}

describe('parseRoute', () => {
  it.each([
    ['/v2/a/tags/list', { kind: 'tags', name: 'a' }],
    ['/v2/a/tags/tags/list', { kind: 'tags', name: 'a/tags' }],
    ['/v2/a/manifests/tags/list', { kind: 'tags', name: 'a/manifests' }],
    ['/v2/a/tags/list/manifests/x', { kind: 'manifest', name: 'a/tags/list', reference: 'x' }],
    ['/v2/a/manifests/list', { kind: 'manifest', name: 'a', reference: 'list' }],
    ['/v2/a/blobs/uploads', { kind: 'uploads', name: 'a' }],
    ['/v2/a/blobs/uploads/', { kind: 'uploads', name: 'a' }],
    ['/v2/a/blobs/uploads/x', { kind: 'upload', name: 'a', id: 'x' }],
    ['/v2/a/blobs/uploads/blobs/uploads/', { kind: 'uploads', name: 'a/blobs/uploads' }],
    ['/v2/a/blobs/x', { kind: 'blob', name: 'a', digest: 'x' }],
    ['/v2/a/referrers/x', { kind: 'referrers', name: 'a', digest: 'x' }],
    ['/v2/manifests/manifests/manifests', { kind: 'manifest', name: 'manifests', reference: 'manifests' }],
  ])('reads %s from the right (T3)', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it.each([
    '',
    '/',
    '/v1/',
    '/v2x/',
    '/V2/',
    '/v2/a',
    '/v2/a/tags',
    '/v2/a/manifests/',
    '/v2/_catalog/',
    'http://x/v2/',
    '*',
  ])('knows no endpoint %j', (path) => {
    expect(parseRoute(path)).toBeNull();
  });

  it.each(['/v2/blobs/uploads/', '/v2//tags/list', '/v2/a//manifests/x', '/v2/a%2fb/blobs/x', '/v2/../tags/list'])(
    'refuses the name in %s (T4)',
    (path) => {
      expect(() => parseRoute(path)).toThrow(RegistryError);
    },
  );

  it('finds in any path either one endpoint that stands for exactly this path, or none', () => {
    const random = new Random(7);
    const words = [
      'v2',
      'a',
      'b1',
      'blobs',
      'uploads',
      'manifests',
      'tags',
      'list',
      'referrers',
      '_catalog',
      '..',
      '',
      'A',
      '%2f',
      'x:y',
    ];
    let found = 0;
    for (let round = 0; round < 30_000; round++) {
      const path = `/v2/${random.list(7, () => random.pick(words)).join('/')}`;
      let route: Route | null;
      try {
        route = parseRoute(path);
      } catch (error) {
        expect(error).toMatchObject({ code: 'NAME_INVALID' });
        continue;
      }
      if (!route) continue;
      found++;
      // The one freedom: uploads are also opened without the last slash (T2).
      expect([path, `${path}/`]).toContain(pathOf(route));
      if ('name' in route) expect(route.name).toMatch(/^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/);
    }
    expect(found).toBeGreaterThan(1000);
  });
});
