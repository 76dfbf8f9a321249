import { freePort, startTestIdentityProvider, type TestIdentityProvider } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './support/api.ts';
import { SsoBrowser } from './support/sso-browser.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };

describe('signing in through a provider', () => {
  let core: TestCore;
  let idp: TestIdentityProvider;

  beforeAll(async () => {
    const port = await freePort();
    core = await startTestCore({ MOORAGE_PORT: String(port), MOORAGE_EGRESS_ALLOW: '127.0.0.1' });
    idp = await startTestIdentityProvider({
      callbacks: [`${core.url}/c/oidc/callback`],
      backchannelLogoutUrl: `${core.url}/c/oidc/backchannel-logout`,
      people: {
        'sub-ada': {
          preferred_username: 'ada',
          name: 'Lovelace, Ada',
          email: 'ada@example.com',
          groups: ['dev', 'tmp-x'],
        },
      },
    });
    const settings = {
      auth_mode: 'oidc_auth',
      oidc_name: 'corp',
      oidc_endpoint: idp.issuer,
      oidc_client_id: idp.clientId,
      oidc_client_secret: idp.clientSecret,
      oidc_scope: 'openid,profile,email,offline_access',
      oidc_groups_claim: 'groups',
      oidc_admin_group: 'registry-admins',
      oidc_group_filter: '^(dev|ops)',
      oidc_auto_onboard: true,
      oidc_extra_redirect_parms: '{"prompt":"login"}',
    };
    expect((await call('PUT', '/configurations', settings)).status).toBe(200);
  });

  afterAll(async () => {
    await idp.stop();
    await core.stop();
  });

  const call = (method: string, path: string, body?: unknown) => callApi(core, ADMIN, method, path, body);

  /** A new browser whose owner is somebody the provider knows. */
  function browserOf(subject: string, claims?: Record<string, unknown>): SsoBrowser {
    if (claims) idp.people.set(subject, claims);
    idp.current = subject;
    return new SsoBrowser(core);
  }

  it('OIDC-2 OIDC-3 brings a person in by code flow and back to where he wanted to go', async () => {
    const browser = browserOf('sub-ada');
    const arrival = await browser.signIn(undefined, '/projects/7?tab=tags#x');
    expect(arrival.url.pathname + arrival.url.search).toBe('/projects/7?tab=tags');
    const user = await browser.currentUser();
    expect(user).toMatchObject({
      username: 'ada',
      email: 'ada@example.com',
      realname: 'Lovelace Ada',
      sysadmin_flag: false,
    });
    const [identity] = await core.database.query('select issuer, subject from user_identities');
    expect(identity).toEqual({ issuer: idp.issuer, subject: 'sub-ada' });
  });
});
