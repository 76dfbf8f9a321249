import { freePort, startTestIdentityProvider, type TestIdentityProvider } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { Browser } from './support/browser.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore, USER_PASSWORD } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

interface Account {
  readonly user_id: number;
  readonly username: string;
  readonly email: string;
  readonly sysadmin_flag: boolean;
  readonly admin_role_in_auth: boolean;
}

describe('S29 what a provider says of somebody joins him to nobody else', () => {
  let core: TestCore;
  let idp: TestIdentityProvider;

  beforeAll(async () => {
    core = await startTestCore({ MOORAGE_PORT: String(await freePort()), MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    idp = await startTestIdentityProvider({ callbacks: [`${core.url}/c/oidc/callback`] });
    const settings = {
      auth_mode: 'oidc_auth',
      oidc_name: 'corp',
      oidc_endpoint: idp.issuer,
      oidc_client_id: idp.clientId,
      oidc_client_secret: idp.clientSecret,
      oidc_scope: 'openid,profile,email,offline_access',
      oidc_admin_group: 'registry-admins',
      oidc_groups_claim: 'groups',
      oidc_auto_onboard: true,
      oidc_extra_redirect_parms: '{"prompt":"login"}',
    };
    expect((await callApi(core, ADMIN, 'PUT', '/configurations', settings)).status).toBe(200);
    await core.createUser('victim');
  });
  afterAll(async () => {
    await idp.stop();
    await core.stop();
  });

  /** Signs in as a subject; a name that is taken is answered with the one given. */
  async function enter(subject: string, claims: Record<string, unknown>, otherName = subject): Promise<Account> {
    idp.people.set(subject, claims);
    idp.current = subject;
    const browser = new SsoBrowser(core);
    const { url } = await browser.signIn();
    if (url.pathname === '/onboard') {
      const chosen = await browser.send('POST', '/c/oidc/onboard', { json: { username: otherName } });
      expect(chosen.status, await chosen.text()).toBe(200);
    }
    return (await browser.currentUser()) as unknown as Account;
  }
  /** Everything stored about accounts that were there before. */
  const rowsOf = (...ids: readonly number[]) =>
    core.database.query(
      'select id, username, email, realname, password_hash, is_sysadmin, credential_version from users where id = any($1) order by id',
      [ids],
    );
  const idOf = async (name: string) => {
    const [row] = await core.database.query<{ id: number }>('select id from users where username = $1', [name]);
    return row?.id ?? 0;
  };

  it.each([
    ['the first administrator', 'admin', 'admin@example.com'],
    ['a local user', 'victim', 'victim@example.com'],
    ['a local user, in other letters', 'VICTIM', 'Victim@Example.COM'],
  ])('S29 not to %s by name or address, whatever is said to be verified', async (_whom, name, email) => {
    const ids = [1, await idOf('victim')];
    const before = await rowsOf(...ids);
    const session = new Browser(core);
    await session.signIn('victim', USER_PASSWORD);
    for (const [index, verified] of [true, 'true', 1, false, undefined].entries()) {
      const subject = `${name}-${index}`.toLowerCase();
      const claims = { preferred_username: name, email, name: 'Somebody', groups: [], email_verified: verified };
      const account = await enter(subject, claims);
      expect(ids).not.toContain(account.user_id);
      expect(account).toMatchObject({ username: subject, email: '', sysadmin_flag: false, admin_role_in_auth: false });
    }
    expect(await rowsOf(...ids)).toEqual(before);
    expect(await session.isSignedIn()).toBe(true);
  });

  it('S29 not to another person of the provider, also when two change addresses or names', async () => {
    const ann = { preferred_username: 'ann', email: 'ann@example.org', groups: [] };
    const ben = { preferred_username: 'ben', email: 'ben@example.org', groups: ['registry-admins'] };
    const [first, second] = [await enter('sub-ann', ann), await enter('sub-ben', ben)];
    expect([first.username, second.username, second.admin_role_in_auth]).toEqual(['ann', 'ben', true]);
    const [annAgain, benAgain] = [
      await enter('sub-ann', { ...ben, groups: [] }),
      await enter('sub-ben', { ...ann, groups: ['registry-admins'] }),
    ];
    // The account is the subject's: his name here stays, and an address somebody has is not taken over.
    expect([annAgain.user_id, annAgain.username, annAgain.admin_role_in_auth]).toEqual([first.user_id, 'ann', false]);
    expect([benAgain.user_id, benAgain.username, benAgain.admin_role_in_auth]).toEqual([second.user_id, 'ben', true]);
    expect(annAgain.email === benAgain.email && annAgain.email !== '').toBe(false);
  });

  it('S29 not to a deleted account, whose name is free for whoever comes', async () => {
    const cid = { preferred_username: 'cid', email: 'cid@example.org', groups: [] };
    const { user_id: id } = await enter('sub-cid', cid);
    expect((await callApi(core, ADMIN, 'DELETE', `/users/${id}`)).status).toBe(200);
    const other = await enter('sub-other-cid', cid);
    expect(other.username).toBe('cid');
    expect(other.user_id).not.toBe(id);
    const again = await enter('sub-cid', cid, 'cid-again');
    expect([id, other.user_id]).not.toContain(again.user_id);
  });

  it('S29 writes down every account it makes', async () => {
    const rows = await core.database.query<{ name: string }>(
      `select payload->'audit'->>'resource' as name from outbox_events
       where name = 'user.created' and payload->'audit'->>'resource' = any($1)`,
      [['admin-0', 'victim-1', 'ann', 'ben', 'cid', 'cid-again']],
    );
    expect(new Set(rows.map(({ name }) => name))).toEqual(
      new Set(['admin-0', 'victim-1', 'ann', 'ben', 'cid', 'cid-again']),
    );
  });
});
