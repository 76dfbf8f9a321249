import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignOnStage, startSignOnStage } from './sign-on-stage.ts';

const PASSWORD = 'Wharf-Lantern-77';
const ROLES = [
  ['limited', 5],
  ['guest', 3],
  ['developer', 2],
  ['maintainer', 4],
  ['lead', 1],
] as const;
/** Every page of the portal with a place of its own. */
const PAGES = [
  '/',
  '/projects',
  '/projects/harbour',
  '/projects/harbour/repositories',
  '/projects/harbour/r/app',
  '/projects/harbour/r/app/v1',
  '/projects/harbour/members',
  '/projects/harbour/access',
  '/projects/harbour/robots',
  '/projects/harbour/robots/new',
  '/projects/harbour/federation',
  '/projects/harbour/federation/new',
  '/projects/harbour/federation/try',
  '/projects/harbour/activity',
  '/projects/harbour/settings',
  '/users',
  '/groups',
  '/access',
  '/robots',
  '/audit',
  '/settings',
  '/settings/auth',
  '/settings/auth/new',
  '/me/profile',
  '/me/cli',
  '/me/tokens',
  '/me/tokens/new',
  '/me/sessions',
  '/me/security',
  '/me/preferences',
] as const;

// Flows 33, 34 and 35 of the portal page, and accessibility of the pages that came with identity.
describeWith(['chromium'], 'roles, groups and sign-in sources, in a browser', () => {
  let stage: SignOnStage;

  beforeAll(async () => {
    stage = await startSignOnStage({
      people: { 'p-grace': { preferred_username: 'grace', email: 'grace@example.com', groups: ['ops'] } },
      source: false,
    });
    await stage.product.createProject('harbour');
    for (const name of ['outsider', ...ROLES.map(([role]) => role)]) {
      const user = { username: name, password: PASSWORD, email: `${name}@example.com`, realname: name };
      await stage.must(201, 'POST', '/users', user);
    }
    for (const [username, role_id] of ROLES) {
      await stage.must(201, 'POST', '/projects/harbour/members', { role_id, member_user: { username } });
    }
    const admin = new RegistryClient(stage.product.origin, stage.product.credentials);
    await admin.push('harbour/app', new ImageFactory('roles').image(), 'v1');
  });
  afterAll(() => stage?.stop());

  it('adds a user and a group, changes roles of several at once, removes, and says why (flow 33)', async () => {
    const window = await stage.open();
    const { page } = window;
    await window.signIn(stage.product.credentials);
    await window.go('/projects/harbour/members');
    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('combobox', { name: 'User' }).fill('outs');
    await page.getByRole('option', { name: 'outsider' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('row', { name: /outsider/ }).waitFor();

    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('dialog').getByText('Group', { exact: true }).click();
    await page.getByRole('combobox', { name: 'Group' }).fill('ops');
    await page.getByRole('option', { name: /ops/ }).click();
    expect(await window.violations()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('row', { name: /ops/ }).waitFor();

    for (const name of ['outsider', 'ops']) await page.getByRole('row', { name }).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Change role' }).click();
    await page.getByRole('radio', { name: 'Maintainer' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 roles were changed.').waitFor();

    await window.go('/projects/harbour/access?who=outsider&what=tag:delete');
    await page.getByText('Allowed', { exact: true }).waitFor();
    expect(await page.locator('main').innerText()).toContain('Role maintainer in project harbour');
    expect(await window.violations()).toEqual([]);

    await window.go('/projects/harbour/members');
    await page.getByRole('row', { name: 'outsider' }).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Remove from project' }).click();
    await page.getByText('outsider was removed from the project.').waitFor();
    await window.go('/projects/harbour/access?who=outsider&what=repository:push');
    await page.getByText('Not allowed', { exact: true }).waitFor();
    expect(await page.locator('main').innerText()).toContain('is not a member of project harbour');
    await page.context().close();
  });

  it.each([...ROLES.map(([role]) => role), 'outsider', 'admin', 'anonymous'])(
    'shows %s every page, or says why not (flow 34)',
    async (who) => {
      const window = await stage.open();
      const { page } = window;
      const failed: string[] = [];
      page.on('response', (response) => {
        if (response.status() >= 500) failed.push(`${response.status()} ${response.url()}`);
      });
      if (who === 'admin') await window.signIn(stage.product.credentials);
      else if (who !== 'anonymous') await window.signIn({ username: who, password: PASSWORD });
      for (const path of PAGES) {
        await page.goto(stage.product.origin + path);
        await page.locator('main h1, main h2').first().waitFor();
        await page.locator('[aria-busy="true"]').first().waitFor({ state: 'hidden' });
        const text = await page.locator('main').innerText();
        expect(text.trim().length, path).toBeGreaterThan(20);
        expect(text, path).not.toContain('Something went wrong');
      }
      expect(failed).toEqual([]);
      expect(window.problems).toEqual([]);
      await page.context().close();
    },
    180_000,
  );

  it.each(['light', 'dark'] as const)(
    'has no accessibility findings on the new pages in %s',
    async (colorScheme) => {
      const window = await stage.open();
      const { page } = window;
      await page.emulateMedia({ colorScheme });
      await window.signIn(stage.product.credentials);
      const findings: string[] = [];
      for (const path of PAGES) {
        await page.goto(stage.product.origin + path);
        await page.locator('main h1, main h2').first().waitFor();
        await page.locator('[aria-busy="true"]').first().waitFor({ state: 'hidden' });
        findings.push(...(await window.violations()).map((finding) => `${path} ${finding}`));
      }
      expect(findings).toEqual([]);
      await page.context().close();
    },
    180_000,
  );

  // Last: from here on the sign-in page puts the provider first.
  it('tries a provider before it is saved, names what is wrong, and keeps the local way in (flow 35)', async () => {
    const window = await stage.open();
    const { page } = window;
    await window.signIn(stage.product.credentials);
    await window.go('/settings/auth/new?kind=oidc');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Example');
    await page.getByRole('textbox', { name: 'Issuer', exact: true }).fill(stage.provider.issuer);
    await page.getByRole('textbox', { name: 'Client id', exact: true }).fill(stage.provider.clientId);
    await page.getByRole('textbox', { name: 'Client secret' }).fill('not-the-secret-0123456789');
    await page.getByRole('textbox', { name: 'Groups claim', exact: true }).fill('groups');
    await page.getByRole('textbox', { name: 'Group of administrators', exact: true }).fill('ops');
    await page.getByRole('button', { name: 'Test these settings' }).click();
    await page.getByText('Something does not work yet.').waitFor();
    const checks = await page.locator('[data-result="failed"]').allInnerTexts();
    expect(checks.join(' ')).toMatch(/secret/i);
    expect(await window.violations()).toEqual([]);

    await page.getByRole('textbox', { name: 'Client secret' }).fill(stage.provider.clientSecret);
    await page.getByRole('button', { name: 'Test these settings' }).click();
    await page.getByText('Everything works.').waitFor();
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Sign in as a test' }).click();
    await popup;
    await page.getByText('The sign-in works.').waitFor();
    const outcome = await page.locator('main').innerText();
    expect(outcome).toMatch(/Username\s+grace/);
    expect(outcome).toMatch(/Administrator\s+Yes/);
    expect(await window.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Add source' }).click();
    await page.getByText('Example was saved.').waitFor();

    const local = await stage.open();
    await local.page.goto(`${stage.product.origin}/login`);
    await local.page.getByRole('link', { name: 'Continue with Example' }).waitFor();
    expect(await local.page.getByLabel('Username or e-mail address').count()).toBe(0);
    await local.page.getByRole('button', { name: 'Sign in with a password instead' }).click();
    await local.page.getByLabel('Username or e-mail address').fill(stage.product.credentials.username);
    await local.page.locator('input[autocomplete="current-password"]').fill(stage.product.credentials.password);
    await local.page.keyboard.press('Enter');
    await local.page.waitForURL((url) => url.pathname === '/');
    await local.page.context().close();
    await page.context().close();
  });
});
