import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../src/http/index.ts';
import type { SettingsService } from '../src/settings/index.ts';
import { SigningKeyService } from '../src/token-key/signing-key.service.ts';
import { SigningKeyStore } from '../src/token-key/signing-key.store.ts';
import { ISSUER, SERVICES, TOKEN_TYPE } from '../src/token/token-claims.rules.ts';
import { TokenVerifier } from '../src/token/token-verifier.ts';
import { type TestClock, testCore } from './identity-core.ts';

type Fields = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

let test: TestDatabase;
let clock: TestClock;
let settings: SettingsService;
let keys: SigningKeyService;
let ours: { kid: string; privateKey: KeyObject };
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

beforeAll(async () => {
  test = await createTestDatabase();
  const core = testCore(test.database);
  clock = core.clock;
  settings = core.settings;
  keys = new SigningKeyService(new SigningKeyStore(test.database), core.keys, core.settings, clock);
  ours = await keys.current();
});
afterAll(() => test.close());

function signed(header: unknown, claims: unknown, key: KeyObject): string {
  const data = `${encode(header)}.${encode(claims)}`;
  return `${data}.${sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const header = (): Fields => ({ alg: 'ES256', typ: TOKEN_TYPE, kid: ours.kid });

function claims(): Fields {
  const now = Math.floor(clock.now().getTime() / 1000);
  return {
    iss: ISSUER,
    sub: 'ada',
    aud: SERVICES[0],
    exp: now + 600,
    nbf: now,
    iat: now,
    jti: 'c29tZXRoaW5n',
    access: [{ type: 'repository', name: 'priva/app', actions: ['pull'], pid: 7 }],
    idn: { k: 'user', i: 1, v: 1, t: now * 1000 },
  };
}

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

function without(record: Fields, key: string): Fields {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Every way to spoil one field of a record: absent, wrong in kind, wrong in letters, doubled. */
function spoiled(record: Fields): Fields[] {
  return Object.keys(record).flatMap((key) => {
    const value = record[key];
    const others =
      typeof value === 'string' ? [value.toUpperCase(), ` ${value}`, `${value} `, `${value}\0`, [value]] : [];
    return [
      without(record, key),
      ...[...WRONG, ...others].filter((other) => other !== value).map((other) => ({ ...record, [key]: other })),
    ];
  });
}

/** Claims that say nothing else than before may pass: only what `readClaims` ignores. */
const HARMLESS: readonly string[] = ['sub', 'jti', 'access'];

describe('mutants of a registry token', () => {
  it('S14 S15 S16 S25 more than 5,000 of them, and none is accepted', async () => {
    const verifier = new TokenVerifier(keys, clock, settings);
    const good = signed(header(), claims(), ours.privateKey);
    expect(await verifier.verify(good)).toMatchObject({ username: 'ada' });
    const mutants = new Set<string>();
    const [head = '', body = '', mac = ''] = good.split('.');

    // Every letter of every part changed to two others, dropped, and doubled.
    for (let index = 0; index < good.length; index++) {
      const letter = good[index] as string;
      for (const other of [letter === 'A' ? 'B' : 'A', letter === 'z' ? 'y' : 'z', '.', '=', ' ', '']) {
        if (other !== letter) mutants.add(good.slice(0, index) + other + good.slice(index + 1));
      }
      mutants.add(good.slice(0, index) + letter + good.slice(index));
    }
    // Every prefix; parts swapped, repeated, empty.
    for (let length = 0; length < good.length; length++) mutants.add(good.slice(0, length));
    for (const parts of [
      [body, head, mac],
      [head, mac, body],
      [head, body],
      [head, body, mac, mac],
      ['', body, mac],
      [head, '', mac],
      [head, body, ''],
      [head, body, mac, '', ''],
    ]) {
      mutants.add(parts.join('.'));
    }
    // Every spoiled header, signed with our key, with another, with public texts as a secret, and not at all.
    const headers = [
      ...spoiled(header()),
      ...['jwk', 'x5c', 'jku', 'x5u', 'crit', 'b64', 'cty', 'zip'].map((key) => ({ ...header(), [key]: key })),
    ];
    for (const one of headers) {
      const text = encode(one);
      mutants
        .add(signed(one, claims(), ours.privateKey))
        .add(signed(one, claims(), stranger))
        .add(`${text}.${body}.${mac}`)
        .add(`${text}.${body}.`);
      mutants.add(`${text}.${body}.${createHmac('sha256', ours.kid).update(`${text}.${body}`).digest('base64url')}`);
    }
    // Every spoiled claim, signed with our own key: the signature holds, the claim does not.
    const now = Math.floor(clock.now().getTime() / 1000);
    const times = [now - 1, now + 61, now + 1e9, String(now), Number.MAX_SAFE_INTEGER + 1];
    const idn = claims().idn as Fields;
    const bad = [
      ...spoiled(claims()).filter((one) => HARMLESS.every((key) => one[key] === claims()[key] || key === 'access')),
      ...spoiled(idn).map((one) => ({ ...claims(), idn: one })),
      ...times.flatMap((at) => ['nbf', 'iat'].map((key) => ({ ...claims(), [key]: at }))),
      ...[now, now - 600, '1', Number.NaN, now + 30 * 60 + 1, now + 1e7].map((exp) => ({ ...claims(), exp })),
      ...[-1, 1].map((seconds) => ({ ...claims(), idn: { ...idn, t: (now + seconds) * 1000 } })),
    ].filter((one) => JSON.stringify(one) !== JSON.stringify(claims()));
    for (const one of bad) mutants.add(signed(header(), one, ours.privateKey)).add(signed(header(), one, stranger));
    // Good claims under another key.
    mutants.add(signed(header(), claims(), stranger));

    mutants.delete(good);
    expect(mutants.size).toBeGreaterThanOrEqual(5000);
    const accepted: string[] = [];
    for (const mutant of mutants) {
      const token = await verifier.verify(mutant);
      // An access list that says less is no forgery: what is left must give nothing.
      const gives =
        token && (token.catalog || [...token.repositories.values()].some(({ actions }) => actions.size > 0));
      if (gives) accepted.push(mutant);
    }
    expect(accepted).toEqual([]);
    // They did not spoil what is remembered of the good one.
    expect(await verifier.verify(good)).toMatchObject({ username: 'ada' });
  });
});

it('S25 lets no token live longer than what is allowed now, whatever was allowed when it was issued', async () => {
  const verifier = new TokenVerifier(keys, clock, settings);
  const living = (seconds: number) =>
    signed(header(), { ...claims(), exp: Math.floor(clock.now().getTime() / 1000) + seconds }, ours.privateKey);
  const admin: Caller = {
    principal: { kind: 'user', id: 1, username: 'admin', isSysadmin: true },
    credential: 'password',
    requestId: 'r',
    address: '192.0.2.1',
    userAgent: 'test',
  };
  const [long, short] = [living(1800), living(300)];
  for (const token of [long, short]) expect(await verifier.verify(token)).not.toBeNull();
  await settings.update(admin, { token_expiration: 5 });
  clock.advance(2);
  expect(await verifier.verify(long)).toBeNull();
  expect(await verifier.verify(short)).not.toBeNull();
  await settings.update(admin, { token_expiration: 60 });
  // Allowed a moment ago.
  expect(await verifier.verify(living(3600))).not.toBeNull();
});
