import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { Browser } from './support/browser.ts';
import { fetchToken } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

/** A one-time password after RFC 6238, made without the library the product uses. */
function codeAt(secret: string, at: Date): string {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)));
  const mac = createHmac('sha1', Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))))
    .update(counter)
    .digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

describe('second factors', () => {
  let core: TestCore;
  let count = 0;

  beforeAll(async () => {
    core = await startTestCore();
  });
  afterAll(() => core.stop());

  const codeOf = (secret: string): string => codeAt(secret, core.clock.now());
  const nextStep = () => core.clock.advanceMinutes(0.5);

  interface Person {
    readonly id: number;
    readonly name: string;
    readonly browser: Browser;
    readonly secret: string;
    readonly codes: readonly string[];
  }

  /** A user with one-time passwords, signed in when they were set up. */
  async function enrolled(): Promise<Person> {
    const name = `careful-${++count}`;
    const { id } = await core.createUser(name);
    const browser = new Browser(core);
    await browser.signIn(name, USER_PASSWORD);
    const offer = await browser.send('POST', '/api/v2.0/users/current/second-factors/totp', {
      json: { password: USER_PASSWORD },
    });
    const { secret, uri } = (await offer.json()) as { secret: string; uri: string };
    expect(uri).toContain(`secret=${secret}`);
    const confirmed = await browser.send('POST', '/api/v2.0/users/current/second-factors/totp/confirmation', {
      json: { code: codeOf(secret) },
    });
    expect(confirmed.status).toBe(200);
    const { recovery_codes: codes } = (await confirmed.json()) as { recovery_codes: string[] };
    nextStep();
    return { id, name, browser, secret, codes };
  }

  const finish = (browser: Browser, json: object) => browser.send('POST', '/c/login/second-factor', { json });

  it('are asked for after the password: no session before, one after the code, which works once', async () => {
    const { name, secret } = await enrolled();
    const browser = new Browser(core);
    const halfway = await browser.signIn(name, USER_PASSWORD);
    expect(halfway.status).toBe(401);
    const { errors } = (await halfway.json()) as { errors: { code: string; detail: unknown }[] };
    expect(errors[0]).toMatchObject({ code: 'SECOND_FACTOR_REQUIRED', detail: { methods: ['totp', 'recovery_code'] } });
    const [cookie = ''] = halfway.headers.getSetCookie();
    expect(cookie).toMatch(
      /^moorage-dev-second-factor=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=300$/,
    );
    expect((await browser.send('GET', '/api/v2.0/users/current')).status).toBe(401);
    const pending = browser.cookie;
    expect((await (await browser.send('GET', '/c/login/second-factor')).json()) as object).toEqual({
      methods: ['totp', 'recovery_code'],
    });
    expect((await finish(browser, { code: '000000' })).status).toBe(401);
    browser.cookie = pending;
    const code = codeOf(secret);
    expect((await finish(browser, { code })).status).toBe(200);
    expect(await browser.isSignedIn()).toBe(true);
    const again = new Browser(core);
    await again.signIn(name, USER_PASSWORD);
    expect((await finish(again, { code })).status).toBe(401);
    nextStep();
    expect((await finish(again, { code: codeOf(secret) })).status).toBe(200);
  });

  it('take a recovery code once', async () => {
    const { name, codes } = await enrolled();
    expect(codes).toHaveLength(10);
    const tries = [codes[0], codes[0], codes[1]?.toLowerCase().replace('-', ' ')];
    const answers: number[] = [];
    for (const code of tries) {
      const browser = new Browser(core);
      await browser.signIn(name, USER_PASSWORD);
      answers.push((await finish(browser, { recovery_code: code })).status);
    }
    expect(answers).toEqual([200, 401, 200]);
  });

  it('S5 let five tries through in one sign-in, and ten in a quarter of an hour from one place', async () => {
    const { name, secret } = await enrolled();
    const answers: number[] = [];
    const browser = new Browser(core);
    await browser.signIn(name, USER_PASSWORD);
    const { cookie } = browser;
    for (let index = 0; index < 5; index++) {
      browser.cookie = cookie;
      answers.push((await finish(browser, { code: '123456' })).status);
    }
    browser.cookie = cookie;
    answers.push((await finish(browser, { code: codeOf(secret) })).status);
    expect(answers).toEqual([401, 401, 401, 401, 401, 401]);
    const more = new Browser(core);
    await more.signIn(name, USER_PASSWORD);
    const pending = more.cookie;
    for (let index = 0; index < 5; index++) {
      more.cookie = pending;
      await finish(more, { code: '123456' });
    }
    const last = new Browser(core);
    await last.signIn(name, USER_PASSWORD);
    expect((await finish(last, { code: codeOf(secret) })).status).toBe(429);
  });

  it('refuse the plain password to programs, and send them to personal tokens, which work', async () => {
    const { name, browser } = await enrolled();
    const basic = { name, password: USER_PASSWORD };
    const refused = await callApi(core, basic, 'GET', '/users/current');
    expect([refused.status, refused.text]).toEqual([401, expect.stringContaining('personal access token')]);
    expect((await fetchToken(core, basic, ['repository:library/app:pull'])).status).toBe(401);
    const made = await browser.send('POST', '/api/v2.0/users/current/tokens', { json: { name: 'laptop' } });
    const { token } = (await made.json()) as { token: string };
    expect((await callApi(core, { name, password: token }, 'GET', '/users/current')).status).toBe(200);
    const byToken = await callApi(core, { name, password: token }, 'POST', '/users/current/second-factors/totp', {
      password: USER_PASSWORD,
    });
    expect(byToken.status).toBe(403);
  });

  it('S12 change only with the password; the last one takes the codes along', async () => {
    const { browser } = await enrolled();
    const list = async () =>
      (await (await browser.send('GET', '/api/v2.0/users/current/second-factors')).json()) as {
        factors: { id: number; kind: string }[];
        recovery_codes_left: number;
      };
    const { factors } = await list();
    const path = `/api/v2.0/users/current/second-factors/${factors[0]?.id}/removal`;
    expect((await browser.send('POST', path, { json: { password: 'Wrong-Passw0rd' } })).status).toBe(403);
    const renewed = await browser.send('POST', '/api/v2.0/users/current/second-factors/recovery-codes', {
      json: { password: USER_PASSWORD },
    });
    expect(((await renewed.json()) as { recovery_codes: string[] }).recovery_codes).toHaveLength(10);
    expect((await browser.send('POST', path, { json: { password: USER_PASSWORD } })).status).toBe(200);
    expect(await list()).toMatchObject({ factors: [], recovery_codes_left: 0 });
  });

  it('are reset by an administrator, which ends sessions and is audited; by nobody else', async () => {
    const { id, name, browser } = await enrolled();
    const other = await core.createUser(`curious-${count}`);
    expect(other.id).toBeGreaterThan(0);
    const curious = { name: `curious-${count}`, password: USER_PASSWORD };
    expect((await callApi(core, curious, 'DELETE', `/users/${id}/second-factors`)).status).toBe(403);
    expect((await callApi(core, curious, 'GET', `/users/${id}/second-factors`)).status).toBe(403);
    expect(await browser.isSignedIn()).toBe(true);
    expect((await callApi(core, ADMIN, 'DELETE', `/users/${id}/second-factors`)).status).toBe(200);
    expect(await browser.isSignedIn()).toBe(false);
    expect((await browser.signIn(name, USER_PASSWORD)).status).toBe(200);
    const events = await core.database.query<{ actor: string }>(
      `select payload->'audit'->>'username' as actor from outbox_events where name = 'second-factor.reset'`,
    );
    expect(events.map(({ actor }) => actor)).toContain('admin');
  });

  it('are a duty where the settings say so: a password alone opens the way to one and nothing else', async () => {
    const name = `dutiful-${++count}`;
    const { id } = await core.createUser(name);
    await callApi(core, ADMIN, 'PUT', `/users/${id}/sysadmin`, { sysadmin_flag: true });
    const basic = { name, password: USER_PASSWORD };
    const browser = new Browser(core);
    await browser.signIn(name, USER_PASSWORD);
    expect((await browser.send('GET', '/api/v2.0/configurations')).status).toBe(200);
    expect(
      (await callApi(core, ADMIN, 'PUT', '/configurations', { second_factor_required: 'administrators' })).status,
    ).toBe(200);
    core.clock.advanceMinutes(0.1);
    expect((await browser.send('GET', '/api/v2.0/configurations')).status).toBe(403);
    expect((await browser.send('POST', '/api/v2.0/users/current/tokens', { json: { name: 'x' } })).status).toBe(403);
    expect((await callApi(core, basic, 'GET', '/users/current')).status).toBe(401);
    expect((await browser.send('GET', '/api/v2.0/users/current')).status).toBe(200);
    const fresh = new Browser(core);
    expect((await fresh.signIn(name, USER_PASSWORD)).status).toBe(200);
    const offer = await fresh.send('POST', '/api/v2.0/users/current/second-factors/totp', {
      json: { password: USER_PASSWORD },
    });
    const { secret } = (await offer.json()) as { secret: string };
    await fresh.send('POST', '/api/v2.0/users/current/second-factors/totp/confirmation', {
      json: { code: codeOf(secret) },
    });
    const settings = await fresh.send('PUT', '/api/v2.0/configurations', {
      json: { second_factor_required: 'nobody' },
    });
    expect(settings.status).toBe(200);
    core.clock.advanceMinutes(0.1);
    expect((await callApi(core, ADMIN, 'GET', '/users/current')).status).toBe(200);
  });

  describe('passkeys', () => {
    /** What an authenticator of a platform does, without attestation. */
    class Authenticator {
      readonly id = randomBytes(32);
      readonly #key: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', {
        namedCurve: 'P-256',
      });
      readonly #origin: string;
      #count = 0;

      constructor(origin: string) {
        this.#origin = origin;
      }

      create(challenge: string) {
        const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' });
        const cose = Buffer.concat([
          Buffer.from('a5010203262001215820', 'hex'),
          Buffer.from(x, 'base64url'),
          Buffer.from('225820', 'hex'),
          Buffer.from(y, 'base64url'),
        ]);
        const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cose]);
        const data = this.#data(0x41, credential);
        const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex');
        const length = Buffer.from([data.length >> 8, data.length & 0xff]);
        return this.#answer({
          clientDataJSON: this.#client('webauthn.create', challenge).toString('base64url'),
          attestationObject: Buffer.concat([head, length, data]).toString('base64url'),
          transports: ['internal'],
        });
      }

      get(challenge: string, origin = this.#origin) {
        this.#count++;
        const data = this.#data(0x01);
        const client = this.#client('webauthn.get', challenge, origin);
        const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
        return this.#answer({
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, this.#key.privateKey).toString('base64url'),
        });
      }

      #client(type: string, challenge: string, origin = this.#origin): Buffer {
        return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
      }

      #data(flags: number, credential = Buffer.alloc(0)): Buffer {
        const count = Buffer.alloc(4);
        count.writeUInt32BE(this.#count);
        const party = createHash('sha256').update('localhost').digest();
        return Buffer.concat([party, Buffer.from([flags]), count, credential]);
      }

      #answer(response: object) {
        const id = this.id.toString('base64url');
        return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
      }
    }

    let named: TestCore;
    const origin = 'http://localhost:18080';

    beforeAll(async () => {
      named = await startTestCore({ MOORAGE_EXTERNAL_URL: origin });
    });
    afterAll(() => named.stop());

    async function withPasskey(): Promise<{ name: string; device: Authenticator }> {
      const name = `key-${++count}`;
      await named.createUser(name);
      const browser = new Browser(named);
      await browser.signIn(name, USER_PASSWORD);
      const offered = await browser.send('POST', '/api/v2.0/users/current/second-factors/passkeys/options', {
        json: { password: USER_PASSWORD },
      });
      const offer = (await offered.json()) as { transaction: string; options: { challenge: string } };
      const device = new Authenticator(origin);
      const json = {
        transaction: offer.transaction,
        name: 'my laptop',
        response: device.create(offer.options.challenge),
      };
      const kept = await browser.send('POST', '/api/v2.0/users/current/second-factors/passkeys', { json });
      expect([kept.status, ((await kept.json()) as { recovery_codes: string[] }).recovery_codes.length]).toEqual([
        200, 10,
      ]);
      // The question is answered; the same answer again adds nothing.
      const twice = await browser.send('POST', '/api/v2.0/users/current/second-factors/passkeys', { json });
      expect(twice.status).toBe(412);
      return { name, device };
    }

    async function asked(name: string): Promise<{ browser: Browser; challenge: string }> {
      const browser = new Browser(named);
      expect((await browser.signIn(name, USER_PASSWORD)).status).toBe(401);
      const { cookie } = browser;
      const request = await browser.send('POST', '/c/login/second-factor/passkey-options');
      const { options } = (await request.json()) as { options: { challenge: string } };
      browser.cookie = cookie;
      return { browser, challenge: options.challenge };
    }

    it('sign in where they were made', async () => {
      const { name, device } = await withPasskey();
      const { browser, challenge } = await asked(name);
      expect((await finish(browser, { passkey: device.get(challenge) })).status).toBe(200);
      expect(await browser.isSignedIn()).toBe(true);
    });

    it('refuse another page, another challenge, another key, and an answer that was given before', async () => {
      const { name, device } = await withPasskey();
      const [one, two] = [await asked(name), await asked(name)];
      expect((await finish(one.browser, { passkey: device.get(one.challenge, 'https://evil.example') })).status).toBe(
        401,
      );
      expect((await finish(two.browser, { passkey: device.get(one.challenge) })).status).toBe(401);
      const three = await asked(name);
      expect((await finish(three.browser, { passkey: new Authenticator(origin).get(three.challenge) })).status).toBe(
        401,
      );
      const four = await asked(name);
      const pending = four.browser.cookie;
      const answer = device.get(four.challenge);
      expect((await finish(four.browser, { passkey: answer })).status).toBe(200);
      four.browser.cookie = pending;
      expect((await finish(four.browser, { passkey: answer })).status).toBe(401);
    });

    it('are not offered at a bare IP address', async () => {
      const name = `bare-${++count}`;
      await core.createUser(name);
      const browser = new Browser(core);
      await browser.signIn(name, USER_PASSWORD);
      const offered = await browser.send('POST', '/api/v2.0/users/current/second-factors/passkeys/options', {
        json: { password: USER_PASSWORD },
      });
      expect(offered.status).toBe(412);
    });
  });
});
