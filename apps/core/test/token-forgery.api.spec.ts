import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, fetchToken, pushImage, withToken } from './support/registry.ts';
import { ADMIN_PASSWORD, basic, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('registry tokens', () => {
  let core: TestCore;
  let token: string;
  let head: Record<string, unknown>;
  let claims: ReturnType<typeof claimsOf>;
  const { privateKey: strangerKey, publicKey: strangerPublic } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  beforeAll(async () => {
    core = await startTestCore();
    await fetch(`${core.url}/api/v2.0/projects`, {
      method: 'POST',
      headers: { authorization: basic(ADMIN.name, ADMIN.password), 'content-type': 'application/json' },
      body: '{"project_name":"forge"}',
    });
    await pushImage(core, ADMIN, 'forge/app', 'v1');
    token = (await fetchToken(core, ADMIN, ['repository:forge/app:pull'])).token;
    head = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
    claims = claimsOf(token);
  });

  afterAll(() => core.stop());

  const pull = (text: string): Promise<number> =>
    withToken(core, text, 'GET', '/v2/forge/app/manifests/v1').then((response) => response.status);
  const signed = (header: unknown, body: unknown, key: KeyObject): string => {
    const text = `${encode(header)}.${encode(body)}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };

  it('control: the genuine token pulls', async () => {
    expect(await pull(token)).toBe(200);
  });

  it("S14 no algorithm but the key's own is accepted, in 200 mutants", async () => {
    const [h, b, s] = token.split('.') as [string, string, string];
    const jwks = (await (await fetch(`${core.url}/service/token/jwks`)).json()) as { keys: Record<string, string>[] };
    const publicForms = [JSON.stringify(jwks.keys[0]), jwks.keys[0]?.x ?? '', jwks.keys[0]?.y ?? '', ''];
    const mutants: string[] = [];
    for (const alg of [
      'none',
      'None',
      'nOnE',
      'NONE',
      '',
      null,
      'HS256',
      'HS384',
      'HS512',
      'RS256',
      'PS256',
      'ES384',
      'ES512',
      'EdDSA',
      'es256',
      ['ES256'],
      0,
    ]) {
      const header = encode({ ...head, alg });
      mutants.push(`${header}.${b}.${s}`, `${header}.${b}.`, `${header}.${b}`, `${header}.${b}.${encode('x')}`);
      for (const secret of publicForms)
        mutants.push(
          `${header}.${b}.${createHmac('sha256', secret || ' ')
            .update(`${header}.${b}`)
            .digest('base64url')}`,
        );
    }
    mutants.push(
      `${h}.${b}.${Buffer.alloc(64).toString('base64url')}`,
      `${h}.${b}.`,
      `${h}.${b}..`,
      `${h}.${b}.${s}.`,
      `${h}.${b}.${s}.${s}.${s}`,
      `.${b}.${s}`,
      `${h}..${s}`,
      '..',
      '.',
    );
    for (let index = 0; index < s.length; index++)
      mutants.push(`${h}.${b}.${s.slice(0, index)}${s[index] === 'A' ? 'B' : 'A'}${s.slice(index + 1)}`);
    mutants.push(signed({ ...head, crit: ['b64'], b64: false }, claims, strangerKey));
    expect(mutants.length).toBeGreaterThan(200);
    const accepted: string[] = [];
    for (const mutant of mutants) if ((await pull(mutant)) !== 401) accepted.push(mutant);
    expect(accepted).toEqual([]);
  });

  it('S15 keys named or carried by the token are never used', async () => {
    let contacts = 0;
    const trap: Server = createServer((_request, response) => {
      contacts++;
      response.end(JSON.stringify({ keys: [strangerPublic.export({ format: 'jwk' })] }));
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/keys`;
    const jwk = strangerPublic.export({ format: 'jwk' });
    const headers = [
      { ...head, jwk },
      { ...head, x5c: [strangerPublic.export({ format: 'der', type: 'spki' }).toString('base64')] },
      { ...head, jku: url },
      { ...head, x5u: url },
      { ...head, kid: '../../dev/null' },
      { ...head, kid: "' or 1=1 --" },
      { ...head, kid: 'k'.repeat(8_000) },
      { ...head, kid: [head.kid] },
      { ...head, kid: '__proto__' },
      { alg: 'ES256', typ: head.typ },
    ];
    const answers = await Promise.all(headers.map((header) => pull(signed(header, claims, strangerKey))));
    trap.close();
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(contacts).toBe(0);
  });

  it('S16 a token for another service is not issued, and ours opens no other door', async () => {
    expect(await fetchToken(core, ADMIN, [], 'moorage-internal')).toMatchObject({ status: 400, token: '' });
    expect(await fetchToken(core, ADMIN, [], 'HARBOR-REGISTRY')).toMatchObject({ status: 400, token: '' });
    expect(await fetchToken(core, ADMIN, [], 'harbor-registry')).toMatchObject({ status: 200 });
    const bearer = { authorization: `Bearer ${token}` };
    for (const path of ['/api/v2.0/users/current', '/api/v2.0/projects', '/service/token?service=harbor-registry']) {
      expect((await fetch(core.url + path, { headers: bearer })).status, path).toBe(401);
    }
    for (const claim of [{ aud: 'moorage-session' }, { aud: ['harbor-registry', 'x'] }, { iss: 'other' }]) {
      expect(await pull(signed(head, { ...claims, ...claim }, strangerKey))).toBe(401);
    }
  });

  it('S19 a registry token is no password, cookie or query parameter', async () => {
    expect(
      (await fetch(`${core.url}/api/v2.0/users/current`, { headers: { authorization: basic('admin', token) } })).status,
    ).toBe(401);
    expect((await fetch(`${core.url}/v2/`, { headers: { cookie: `sid=${token}` } })).status).toBe(401);
    expect((await fetch(`${core.url}/v2/?token=${token}&access_token=${token}`)).status).toBe(401);
    expect((await fetch(`${core.url}/v2/`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  it('S25 oversized, deep and odd tokens are refused cheaply', async () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const odd = [
      'a'.repeat(12_000),
      '.'.repeat(12_000),
      `${encode(head)}.${encode(deep)}.AAAA`,
      signed(head, { ...claims, exp: '9999999999' }, strangerKey),
      signed(head, { ...claims, exp: 1e308 }, strangerKey),
      signed(head, { ...claims, exp: -1 }, strangerKey),
      signed(head, { ...claims, access: {} }, strangerKey),
      signed(head, { ...claims, sub: 'a\0b' }, strangerKey),
      `${encode('{"alg":"ES256","alg":"none"}')}.${encode(claims)}.AAAA`,
      `${encode('{"__proto__":{"alg":"ES256"}}')}.${encode(claims)}.AAAA`,
    ];
    for (const text of odd) expect(await pull(text)).toBe(401);
  });
});
