import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignOnStage, startSignOnStage } from './sign-on-stage.ts';

/** Presses Tab until the element that holds the focus fits; fails after a bounded number of steps. */
async function tabTo(page: Page, fits: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(fits)}) ?? false`)) return;
  }
  throw new Error(`no element ${fits} takes the focus`);
}

const PEOPLE = {
  'p-en': { preferred_username: 'ada', name: 'Ada', email: 'ada@example.com', groups: ['developers'] },
  'p-zh': { preferred_username: 'lin', name: 'Lin', email: 'lin@example.com', groups: ['developers'] },
  'p-ru': { preferred_username: 'ira', name: 'Ira', email: 'ira@example.com', groups: ['developers'] },
  'p-taken': { preferred_username: 'ada', name: 'Another Ada', email: 'ada2@example.com' },
  'p-odd': { preferred_username: 'bad,name%', name: 'Odd', email: 'odd@example.com' },
  'p-deep': { preferred_username: 'deep', name: 'Deep', email: 'deep@example.com', groups: ['developers'] },
  'p-out': { preferred_username: 'out', name: 'Out', email: 'out@example.com' },
  'p-half': { preferred_username: 'half', name: 'Half', email: 'half@example.com' },
};

// Flows 1 to 6 of the portal page, against a real OpenID Connect provider.
describeWith(['chromium'], 'signing in through a provider, in a browser', () => {
  const images = new ImageFactory('sso');
  let stage: SignOnStage;

  beforeAll(async () => {
    stage = await startSignOnStage({ people: PEOPLE, source: true });
    await stage.product.createProject('harbour');
    await stage.must(201, 'POST', '/projects/harbour/members', {
      role_id: 2,
      member_group: { group_name: 'developers', group_type: 3 },
    });
    const admin = new RegistryClient(stage.product.origin, stage.product.credentials);
    await admin.push('harbour/app', images.image(), 'v1');
  });
  afterAll(() => stage?.stop());

  it.each([
    ['en', 'p-en', 'ada'],
    ['zh-CN', 'p-zh', 'lin'],
    ['ru', 'p-ru', 'ira'],
  ])(
    'begins in %s by keyboard alone: provider, username, token, first push shown live (flow 1)',
    async (language, subject, username) => {
      stage.provider.current = subject;
      const window = await stage.open(language);
      const { page, problems } = window;
      await page.goto(`${stage.product.origin}/login`);
      await page.locator('a[href*="/c/oidc/login"]').waitFor();
      expect(await window.violations()).toEqual([]);
      await tabTo(page, 'a[href*="/c/oidc/login"]');
      await page.keyboard.press('Enter');

      await page.waitForURL((url) => url.pathname === '/onboard');
      const field = page.locator('input').first();
      await field.waitFor();
      expect(await field.inputValue()).toBe(username);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      expect(await page.locator('main').innerText()).toContain('developers');
      expect(await window.violations()).toEqual([]);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname === '/');

      await page.goto(`${stage.product.origin}/me/tokens/new`);
      await page.locator('main input').first().waitFor();
      await page.keyboard.type('laptop');
      await page.keyboard.press('Enter');
      await page.locator('main pre').first().waitFor();
      expect(await window.violations()).toEqual([]);
      const [name = '', token = '', command = ''] = await page.locator('main pre').allInnerTexts();
      expect(name.trim()).toBe(username);
      expect(command).toContain(`docker login ${stage.product.host} -u ${username}`);

      await page.goto(`${stage.product.origin}/projects/harbour/repositories`);
      await page.locator('main h1').waitFor();
      const client = new RegistryClient(stage.product.origin, { username: name.trim(), password: token.trim() });
      await client.push(`harbour/by-${username}`, images.image(), 'v1');
      await page
        .getByRole('link', { name: `by-${username}` })
        .first()
        .waitFor();
      expect(problems).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  it('comes back to the very view a link led to (flow 2)', async () => {
    stage.provider.current = 'p-deep';
    const { page } = await stage.open();
    const link = '/projects/harbour/r/app?q=v1';
    await page.goto(stage.product.origin + link);
    await page.locator('main').getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Continue with Example' }).click();
    await page.waitForURL((url) => url.pathname === '/onboard');
    await page.getByRole('button', { name: 'Continue as deep' }).click();
    await page.waitForURL(stage.product.origin + link);
    await page.getByText('v1', { exact: true }).first().waitFor();
    expect(await page.getByRole('searchbox').first().inputValue()).toBe('v1');
    await page.context().close();
  });

  it('asks for another username when the proposed one is taken or cannot be used (flow 3)', async () => {
    stage.provider.current = 'p-taken';
    const window = await stage.open();
    const { page } = window;
    await page.goto(`${stage.product.origin}/login`);
    await page.getByRole('link', { name: 'Continue with Example' }).click();
    await page.waitForURL((url) => url.pathname === '/onboard');
    await page.getByLabel('Username').fill('ada');
    await page.keyboard.press('Enter');
    await page.getByText('This name is taken').waitFor();
    expect(await window.violations()).toEqual([]);
    await page.getByLabel('Username').fill('a,b');
    await page.getByText('without commas').waitFor();
    await page.getByLabel('Username').fill('ada2');
    await page.getByRole('button', { name: 'Continue as ada2' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.goto(`${stage.product.origin}/me/cli`);
    expect(await page.locator('main pre').first().innerText()).toContain('-u ada2');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('ada2');
    await page.context().close();

    stage.provider.current = 'p-odd';
    const odd = await stage.open();
    await odd.page.goto(`${stage.product.origin}/login`);
    await odd.page.getByRole('link', { name: 'Continue with Example' }).click();
    await odd.page.waitForURL((url) => url.pathname === '/onboard');
    await odd.page.getByText('cannot be used here').waitFor();
    await odd.page.getByLabel('Username').fill('odd');
    await odd.page.getByRole('button', { name: 'Continue as odd' }).click();
    await odd.page.waitForURL((url) => url.pathname === '/');
    await odd.page.context().close();
  });

  it('gives the role of a group, and explains when it is gone (flow 4)', async () => {
    stage.provider.people.set('p-group', {
      preferred_username: 'grace',
      name: 'Grace',
      email: 'grace@example.com',
      groups: ['developers'],
    });
    const first = await stage.enter('p-group', 'grace');
    await first.go('/projects/harbour');
    await first.page.getByText('Your role: Developer').waitFor();
    await first.page.context().close();

    stage.provider.people.set('p-group', { preferred_username: 'grace', name: 'Grace', email: 'grace@example.com' });
    const second = await stage.enter('p-group');
    await second.go('/projects/harbour');
    await second.page.getByText('You do not have access here').waitFor();
    expect(await second.page.locator('main').innerText()).toContain(
      'A project admin or system administrator can give you',
    );
    expect(await second.violations()).toEqual([]);
    await second.page.context().close();
  });

  it('keeps a half-filled form when the session ends (flow 5)', async () => {
    const window = await stage.enter('p-half', 'half');
    const { page } = window;
    await page.goto(`${stage.product.origin}/me/profile`);
    const name = page.getByLabel('Full name');
    await name.fill('Half A. Person');
    const users = JSON.parse(await stage.must(200, 'GET', '/users?q=username%3Dhalf')) as { user_id: number }[];
    await stage.must(200, 'DELETE', `/users/${users[0]?.user_id}/sessions`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your session has ended').waitFor();
    expect(await window.violations()).toEqual([]);
    const popup = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Continue with Example' }).click();
    await popup;
    await page.getByText('Your profile was saved.').waitFor();
    expect(await name.inputValue()).toBe('Half A. Person');
    expect(await stage.must(200, 'GET', `/users/${users[0]?.user_id}`)).toContain('Half A. Person');
    await page.context().close();
  });

  it('signs out at the provider too, and Back shows nothing private (flow 6)', async () => {
    const { page } = await stage.enter('p-out', 'out');
    await page.goto(`${stage.product.origin}/me/profile`);
    await page.getByLabel('E-mail').waitFor();
    await page.getByRole('button', { name: 'Account of out' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL((url) => url.origin === stage.provider.issuer || url.pathname === '/login');
    expect(stage.provider.requests).toContain('GET /session/end');
    await page.goBack();
    await page.waitForURL((url) => url.pathname === '/login' || url.origin === stage.provider.issuer);
    expect(await page.locator('body').innerText()).not.toContain('out@example.com');
    await page.context().close();
  });
});
