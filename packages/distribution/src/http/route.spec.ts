import { describe, expect, it } from 'vitest';
import { parseRoute } from './route.ts';

describe('parseRoute', () => {
  it('reads from the right, so that names may hold the words of endpoints', () => {
    expect(parseRoute('/v2/a/tags/tags/list')).toEqual({ kind: 'tags', name: 'a/tags' });
    expect(parseRoute('/v2/blobs/uploads/manifests/v1')).toEqual({
      kind: 'manifest',
      name: 'blobs/uploads',
      reference: 'v1',
    });
  });

  it.each(['sha256:ab', 'sha256%3Aab', 'sha256%3aab'])('takes %s for the digest it is', (text) => {
    expect(parseRoute(`/v2/a/b/blobs/${text}`)).toMatchObject({ digest: 'sha256:ab' });
    expect(parseRoute(`/v2/a/b/manifests/${text}`)).toMatchObject({ reference: 'sha256:ab' });
    expect(parseRoute(`/v2/a/b/referrers/${text}`)).toMatchObject({ digest: 'sha256:ab' });
  });

  it('decodes nothing else: no second colon, no slash, nothing in a name', () => {
    expect(parseRoute('/v2/a/b/blobs/sha256%3Aab%3Acd')).toMatchObject({ digest: 'sha256:ab%3Acd' });
    expect(parseRoute('/v2/a/manifests/x%2Fy')).toMatchObject({ reference: 'x%2Fy' });
    expect(() => parseRoute('/v2/a%2Fb/tags/list')).toThrow('malformed');
    expect(() => parseRoute('/v2/a%3Ab/manifests/v1')).toThrow('malformed');
  });
});
