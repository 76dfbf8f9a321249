import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkAlgorithm, checkSignature, checkTimes, keyFor, readJobToken, readKeySet } from './job-token.rules.ts';

const now = new Date('2026-06-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys =
  readKeySet(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' }] })) ?? [];
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const text = `${part({ alg: 'ES256', kid: 'k', typ: 'JWT' })}.${part({ iss: 'i', sub: 's', iat: seconds, exp: seconds + 600 })}`;
const mac = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const honest = `${text}.${mac}`;

function isAccepted(token: string): boolean {
  const read = readJobToken(token);
  if ('failed' in read || !checkAlgorithm(read.token).passed) return false;
  const key = keyFor(read.token, keys);
  if (!key) return false;
  return [checkSignature(read.token, key), ...checkTimes(read.token, now)].every(({ passed }) => passed);
}

it('control: the honest token is accepted', () => {
  expect(isAccepted(honest)).toBe(true);
});

it('S14 S15 S25 of 6,000 changed tokens of a job none is accepted', () => {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0';
  const change = fc.tuple(
    fc.nat(honest.length - 1),
    fc.constantFrom('replace', 'insert', 'delete', 'cut', 'repeat'),
    fc.constantFrom(...characters),
  );
  let tried = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let token = honest;
      for (const [at, kind, character] of changes) {
        if (kind === 'replace') token = token.slice(0, at) + character + token.slice(at + 1);
        else if (kind === 'insert') token = token.slice(0, at) + character + token.slice(at);
        else if (kind === 'delete') token = token.slice(0, at) + token.slice(at + 1);
        else if (kind === 'cut') token = token.slice(0, at);
        else token += token.slice(at);
      }
      if (token === honest) return;
      tried++;
      expect(isAccepted(token)).toBe(false);
    }),
    { numRuns: 6_200 },
  );
  expect(tried).toBeGreaterThanOrEqual(6_000);
});

it('keys that cannot verify, are private, weak or for something else are left out', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const good = publicKey.export({ format: 'jwk' });
  const ids = (...set: object[]) => readKeySet(JSON.stringify({ keys: set }))?.map(({ id }) => id);
  expect(ids({ ...good, kid: 'a' }, { ...good, kid: 'b', use: 'enc' }, { ...weak, kid: 'c' })).toEqual(['a']);
  expect(
    ids({ ...good, kid: 'd', alg: 'ES384' }, { kty: 'oct', k: 'AAAA', kid: 'e' }, { kty: 'EC', kid: 'f' }),
  ).toEqual([]);
  expect(ids({ ...good, kid: 'g', key_ops: ['sign'] })).toEqual([]);
  expect(readKeySet('[]')).toBeNull();
  expect(readKeySet('no')).toBeNull();
});
