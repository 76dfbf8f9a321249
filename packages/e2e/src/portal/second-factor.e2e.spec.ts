import { createHmac } from 'node:crypto';
import { describeWith, freePort } from '@moorage/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { portalText } from './portal-text.ts';
import { type Visit, visit } from './portal-visit.ts';

const PASSWORD = 'Wharf-Lantern-77';
const t = portalText('en');
const STEP_MS = 30_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows at a time for a key in base32 (RFC 6238, RFC 4226). */
function codeAt(key: string, time: number): string {
  const bits = [...key.replaceAll(/[\s=]/g, '')]
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / STEP_MS)));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

/** A key in the device that says yes without being asked. */
async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

// One story: an app, a recovery code, a passkey, other sessions, and what happens when a factor is required.
describeWith(['chromium'], 'a second factor and the sessions of an account, in a browser', () => {
  let product: Product;
  let browser: Browser;
  let window: Visit;
  let key: string;
  let recovery: string[];
  const main = () => window.page.locator('main');
  const button = (name: string) => window.page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    const port = await freePort();
    // Passkeys belong to a name, and an address is none.
    product = await startProduct({ port, externalUrl: `http://localhost:${port}` });
    for (const username of ['pia', 'una']) {
      const user = { username, password: PASSWORD, email: `${username}@example.com`, realname: username };
      expect((await product.api('POST', '/users', user)).status).toBe(201);
    }
    browser = await launchBrowser();
    window = await visit(browser, `http://localhost:${port}`);
    await addAuthenticator(window.page);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const givePassword = async () => {
    const { page } = window;
    await page.getByRole('dialog').locator('input[type="password"]').fill(PASSWORD);
  };
  const signOut = async (name: string) => {
    const { page } = window;
    await button(t('shell:account.label', { name })).click();
    await page.getByRole('menuitem', { name: t('shell:account.signOut') }).click();
    await page.waitForURL((url) => url.pathname === '/login');
  };
  const begin = async (username: string) => {
    const { page } = window;
    await page.locator('input[autocomplete="username"]').fill(username);
    await page.locator('input[autocomplete="current-password"]').fill(PASSWORD);
    await page.keyboard.press('Enter');
  };
  const atHome = () => window.page.waitForURL((url) => url.pathname === '/');

  it('sets up an authenticator app and shows recovery codes once', async () => {
    const { page } = window;
    await window.signIn({ username: 'pia', password: PASSWORD });
    await window.go('/me/security');
    await button(t('second-factor:app.add')).click();
    await givePassword();
    expect(await window.violations()).toEqual([]);
    await button(t('second-factor:password.continue')).click();
    await page.getByRole('img', { name: t('second-factor:app.qr') }).waitFor();
    key = await page.getByRole('dialog').locator('pre').innerText();
    expect(await window.violations()).toEqual([]);
    await page.getByLabel(t('second-factor:app.code')).fill(codeAt(key, Date.now()));
    await page.keyboard.press('Enter');
    await page.getByText(t('second-factor:recovery.once')).waitFor();
    recovery = (await page.getByRole('dialog').locator('pre').innerText()).split('\n').filter((line) => line !== '');
    expect(recovery.length).toBeGreaterThanOrEqual(8);
    expect(await window.violations()).toEqual([]);
    expect(await button(t('second-factor:recovery.finish')).isDisabled()).toBe(true);
    await page.getByLabel(t('ui:secret.saved')).check();
    await button(t('second-factor:recovery.finish')).click();
    await main()
      .getByText(t('second-factor:recovery.left', { count: recovery.length }))
      .waitFor();
  });

  it('asks for the code after the password, and says when it is wrong', async () => {
    const { page } = window;
    await signOut('pia');
    await begin('pia');
    const field = page.getByLabel(t('session:factor.code'));
    await field.waitFor();
    expect(await window.violations()).toEqual([]);
    await field.fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText(t('session:factor.wrong')).waitFor();
    // The code of this half minute was used when the app was set up; the next one is good already.
    await field.fill(codeAt(key, Date.now() + STEP_MS));
    await page.keyboard.press('Enter');
    await atHome();
  });

  it('takes a recovery code once', async () => {
    const { page } = window;
    const useRecovery = async () => {
      await signOut('pia');
      await begin('pia');
      await button(t('session:factor.useRecovery')).click();
      await page.getByLabel(t('session:factor.recovery'), { exact: true }).fill(recovery[0] ?? '');
      await page.keyboard.press('Enter');
    };
    await useRecovery();
    await atHome();
    await useRecovery();
    await page.getByText(t('session:factor.wrong')).waitFor();
    expect(await window.violations()).toEqual([]);
    await page.getByLabel(t('session:factor.recovery'), { exact: true }).fill(recovery[1] ?? '');
    await page.keyboard.press('Enter');
    await atHome();
  });

  it('adds a passkey and signs in with it', async () => {
    const { page } = window;
    await window.go('/me/security');
    await main()
      .getByText(t('second-factor:recovery.left', { count: recovery.length - 2 }))
      .waitFor();
    await button(t('second-factor:passkey.add')).click();
    await page.getByLabel(t('second-factor:passkey.name')).fill('This device');
    await givePassword();
    expect(await window.violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await main().getByText('This device').waitFor();
    await signOut('pia');
    await begin('pia');
    await button(t('session:factor.passkey')).click();
    await atHome();
  });

  it('lists the sessions, ends another one, and that one learns of it', async () => {
    const { page } = window;
    const other = await visit(browser, new URL(page.url()).origin);
    await other.page.goto(`${new URL(page.url()).origin}/login`);
    await other.page.locator('input[autocomplete="username"]').fill('pia');
    await other.page.locator('input[autocomplete="current-password"]').fill(PASSWORD);
    await other.page.keyboard.press('Enter');
    await other.page.getByRole('button', { name: t('session:factor.useRecovery') }).click();
    await other.page.getByLabel(t('session:factor.recovery'), { exact: true }).fill(recovery[2] ?? '');
    await other.page.keyboard.press('Enter');
    await other.page.waitForURL((url) => url.pathname === '/');
    await other.go('/me/profile');

    await window.go('/me/sessions');
    await expect.poll(() => page.getByRole('row').count()).toBe(3);
    await expect.poll(() => page.getByText(t('session:sessions.current'), { exact: true }).count()).toBe(1);
    expect(await window.violations()).toEqual([]);
    await button(t('session:sessions.endOthers')).click();
    await page.getByText(t('session:sessions.othersEnded')).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);

    await other.page.getByLabel(t('profile:profile.realname')).fill('Somebody Else');
    await other.page.getByRole('button', { name: t('shared:save'), exact: true }).click();
    await other.page.getByText(t('shell:session.endedTitle')).waitFor();
    await other.page.context().close();
  });

  it('shows an administrator the factors and the sessions of the account', async () => {
    const admin = await visit(browser, product.origin);
    const { page } = admin;
    await admin.signIn(product.credentials);
    await admin.go('/users?q=pia');
    await page.getByRole('link', { name: 'pia', exact: true }).click();
    await page.getByText('This device').waitFor();
    await page.getByRole('link', { name: t('user:open.title'), exact: true }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.context().close();
  });

  it('removes a factor after asking for the password', async () => {
    const { page } = window;
    await window.go('/me/security');
    const entry = page.getByRole('listitem').filter({ hasText: 'This device' });
    await entry.getByRole('button', { name: t('second-factor:remove.action') }).click();
    await page.getByRole('dialog').locator('input[type="password"]').fill('not-it');
    await page.keyboard.press('Enter');
    await page.getByText(t('second-factor:password.wrong')).waitFor();
    await givePassword();
    await page.keyboard.press('Enter');
    await page.getByText(t('second-factor:remove.done')).waitFor();
    await entry.waitFor({ state: 'detached' });
    await signOut('pia');
  });

  it('leads who must have one to setting it up, before anything else', async () => {
    const { page } = window;
    const set = await product.api('PUT', '/configurations', { second_factor_required: 'everyone' });
    expect(set.status).toBe(200);
    await begin('una');
    await page.waitForURL((url) => url.pathname === '/me/security');
    await main().getByText(t('second-factor:required.title')).waitFor();
    expect(await window.violations()).toEqual([]);
    await button(t('second-factor:passkey.add')).click();
    await page.getByLabel(t('second-factor:passkey.name')).fill('Key');
    await givePassword();
    await page.keyboard.press('Enter');
    await page.getByLabel(t('ui:secret.saved')).check();
    await button(t('second-factor:recovery.finish')).click();
    await main().getByText(t('second-factor:required.title')).waitFor({ state: 'detached' });
    await window.go('/projects');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(window.problems).toEqual([]);
  });
});
