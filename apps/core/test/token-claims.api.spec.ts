import { createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Secret } from '@moorage/config';
import { KeyRing } from '@moorage/features/secret';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { claimsOf, fetchToken, pushImage, withToken } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

type Fields = Readonly<Record<string, unknown>>;

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const AT_ONCE = 16;

/** What can stand where something else is meant. */
const WRONG: readonly unknown[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1.5,
  1e308,
  true,
  [],
  {},
  ['ES256'],
  '__proto__',
  'none',
  '\0',
  'x'.repeat(300),
  { toString: 'x' },
  [[[[]]]],
];
/** Claims whose value says nothing about what the token opens. */
const FREE = ['sub', 'jti'];

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Every way to spoil one field: absent, wrong in kind, wrong in letters. */
function spoiled(record: Fields, free: readonly string[] = []): Fields[] {
  return Object.keys(record)
    .filter((key) => !free.includes(key))
    .flatMap((key) => {
      const value = record[key];
      const alike =
        typeof value === 'string' ? [value.toUpperCase(), ` ${value}`, `${value}\0`, [value]] : [`${value}`];
      const { [key]: _left, ...rest } = record;
      return [
        rest,
        ...[...WRONG, ...alike].filter((other) => other !== value).map((other) => ({ ...rest, [key]: other })),
      ];
    });
}

// The attacker of this page has what nobody has: the key that signs. What is left is the reading of claims.
describe('claims of a registry token over HTTP', () => {
  const secretKey = randomBytes(32);
  let core: TestCore;
  let key: KeyObject;
  let header: Fields;
  let claims: Fields;

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_SECRET_KEY: secretKey.toString('hex') });
    for (const project_name of ['closed', 'other']) {
      const body = { project_name, metadata: { public: 'false' } };
      expect((await callApi(core, ADMIN, 'POST', '/projects', body)).status).toBe(201);
      await pushImage(core, ADMIN, `${project_name}/app`, 'v1');
    }
    const { token } = await fetchToken(core, ADMIN, ['repository:closed/app:pull']);
    header = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8')) as Fields;
    claims = { ...claimsOf(token) };
    const [row] = await core.database.query<{ kid: string; private_key: Buffer }>(
      'select kid, private_key from signing_keys',
    );
    const place = { table: 'signing_keys', column: 'private_key', uid: row?.kid ?? '' };
    const der = new KeyRing(new Secret(secretKey)).open(row?.private_key ?? Buffer.of(), place);
    key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  });
  afterAll(() => core.stop());

  const signed = (head: Fields, body: Fields) => {
    const text = `${encode(head)}.${encode(body)}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const pull = async (token: string, repository = 'closed/app') =>
    (await withToken(core, token, 'GET', `/v2/${repository}/manifests/v1`)).status;
  /** The tokens that opened the repository, of many. */
  const opening = async (tokens: readonly string[], repository?: string) => {
    const opened: string[] = [];
    for (let at = 0; at < tokens.length; at += AT_ONCE) {
      const batch = tokens.slice(at, at + AT_ONCE);
      const answers = await Promise.all(batch.map((token) => pull(token, repository)));
      opened.push(...batch.filter((_token, index) => answers[index] !== 401));
    }
    return opened;
  };

  it('control: what is signed anew with the key of the product opens what it names', async () => {
    expect(await pull(signed(header, claims))).toBe(200);
    expect(await pull(signed(header, { ...claims, sub: 'somebody', jti: 'another' }))).toBe(200);
  });

  it('S14 S16 S25 no spoiled header or claim opens anything, though the signature is right', async () => {
    const now = Math.floor(core.clock.now().getTime() / 1000);
    const idn = claims.idn as Fields;
    const [entry] = claims.access as readonly Fields[];
    const mutants = [
      ...spoiled(header).map((one) => signed(one, claims)),
      ...['jwk', 'jku', 'x5u', 'crit', 'b64', 'zip'].map((name) => signed({ ...header, [name]: name }, claims)),
      ...spoiled(claims, FREE).map((one) => signed(header, one)),
      ...spoiled(idn).map((one) => signed(header, { ...claims, idn: one })),
      ...spoiled(entry ?? {}).map((one) => signed(header, { ...claims, access: [one] })),
      ...[now - 1, now - 600].map((exp) => signed(header, { ...claims, exp })),
      ...[now + 120, now + 1e9].flatMap((at) => [
        signed(header, { ...claims, nbf: at }),
        signed(header, { ...claims, iat: at }),
      ]),
    ];
    expect(mutants.length).toBeGreaterThan(300);
    expect((await opening(mutants)).map((one) => Buffer.from(one.split('.')[1] ?? '', 'base64url').toString())).toEqual(
      [],
    );
    expect(await pull(signed(header, claims))).toBe(200);
  });

  it('S19 S20 S21 what a token names is all it opens, for the subject it names as he is now', async () => {
    const idn = claims.idn as Fields;
    const [entry] = claims.access as readonly Fields[];
    const { token } = await fetchToken(core, ADMIN, ['repository:other/app:pull']);
    const [other] = claimsOf(token).access as unknown as readonly Fields[];
    const access = (one: Fields) => signed(header, { ...claims, access: [one] });
    expect(await pull(access(other ?? {}), 'other/app')).toBe(200);
    const elsewhere = [
      signed(header, claims),
      access({ ...entry, name: 'other/app' }),
      access({ ...other, pid: entry?.pid }),
      access({ ...other, actions: ['delete'] }),
      access({ ...other, actions: 'pull' }),
      access({ ...other, name: 'other/*' }),
      access({ ...other, name: 'OTHER/app' }),
      access({ type: 'registry', name: 'catalog', actions: ['*'] }),
    ];
    expect(await opening(elsewhere, 'other/app')).toEqual([]);
    const subjects = [
      { ...idn, v: Number(idn.v) + 1 },
      { ...idn, i: 999_999 },
      { ...idn, k: 'robot' },
      { ...idn, k: 'personal-token' },
      { ...idn, k: 'anonymous' },
    ];
    expect(await opening(subjects.map((one) => signed(header, { ...claims, idn: one })))).toEqual([]);
  });
});
