import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES } from './portal-pages.ts';
import { type Language, LANGUAGES, portalText } from './portal-text.ts';
import { type LocalVisit, type SignOnStage, startSignOnStage } from './sign-on-stage.ts';

const PASSWORD = 'Wharf-Lantern-77';
const ROLES = [
  ['limited', 5],
  ['guest', 3],
  ['developer', 2],
  ['maintainer', 4],
  ['lead', 1],
] as const;
/** Who looks at every page: nobody, somebody without a role, the five roles, and the two ways to be an administrator. */
const VISITORS = ['anonymous', 'outsider', ...ROLES.map(([role]) => role), 'admin', 'grace'] as const;

// Flows 33, 34 and 35 of the portal page, in every language.
describeWith(['chromium'], 'roles, groups and sign-in sources, in a browser', () => {
  let stage: SignOnStage;
  const projectOf = (language: Language) => `quay-${language.toLowerCase()}`;

  beforeAll(async () => {
    stage = await startSignOnStage({
      people: { 'p-grace': { preferred_username: 'grace', email: 'grace@example.com', groups: ['ops'] } },
      source: false,
    });
    for (const project of ['harbour', ...LANGUAGES.map(projectOf)]) await stage.product.createProject(project);
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

  describe.each(LANGUAGES)('in %s', (language) => {
    const t = portalText(language);
    const project = projectOf(language);

    it('adds a user and a group, changes roles of several at once, removes, and says why (flow 33)', async () => {
      const window = await stage.open(language);
      const { page } = window;
      const dialog = page.getByRole('dialog');
      const add = page.locator('main').getByRole('button', { name: t('member:add.button') });
      const submit = dialog.getByRole('button', { name: t('member:add.submit') });
      // There from the first language on.
      await stage.product.api('POST', '/usergroups', { group_name: 'ops', group_type: 4 });
      await window.signIn(stage.product.credentials);
      await window.go(`/projects/${project}/members`);
      await add.click();
      await page.getByRole('combobox', { name: t('member:add.user') }).fill('outs');
      await page.getByRole('option', { name: 'outsider' }).click();
      await submit.click();
      await page.getByRole('row', { name: /outsider/ }).waitFor();

      await add.click();
      await dialog.getByText(t('member:kind.group'), { exact: true }).click();
      await page.getByRole('combobox', { name: t('member:add.group') }).fill('ops');
      await page.getByRole('option', { name: /ops/ }).first().click();
      expect(await window.violations()).toEqual([]);
      await submit.click();
      await page.getByRole('row', { name: /ops/ }).waitFor();

      for (const name of ['outsider', 'ops']) await page.getByRole('row', { name }).getByRole('checkbox').check();
      await page.getByRole('button', { name: t('member:role.action') }).click();
      await dialog.getByRole('radio', { name: t('shared:role.maintainer.name') }).check();
      await dialog.getByRole('button', { name: t('shared:save') }).click();
      await page.getByText(t('member:role.done', { count: 2 })).waitFor();

      await window.go(`/projects/${project}/access?who=outsider&what=tag:delete`);
      await page.getByText(t('access:answer.yes'), { exact: true }).waitFor();
      await expect.poll(() => page.locator('main').innerText()).toContain(t('access:reason.role'));
      expect(await window.violations()).toEqual([]);

      await window.go(`/projects/${project}/members`);
      await page.getByRole('row', { name: 'outsider' }).getByRole('checkbox').check();
      await page.getByRole('button', { name: t('member:remove.action') }).click();
      await page.getByText(t('member:remove.done', { count: 1, name: 'outsider' })).waitFor();
      await window.go(`/projects/${project}/access?who=outsider&what=repository:push`);
      await page.getByText(t('access:answer.no'), { exact: true }).waitFor();
      await expect.poll(() => page.locator('main').innerText()).toContain(t('access:reason.missing'));
      expect(window.problems).toEqual([]);
      await page.context().close();
    });

    it('tries a provider before it is saved, names what is wrong, and keeps the local way in (flow 35)', async () => {
      const window = await stage.open(language);
      const { page } = window;
      await window.signIn(stage.product.credentials);
      await window.go('/settings/auth/new?kind=oidc');
      const typed = {
        name: 'Example',
        endpoint: stage.provider.issuer,
        client_id: stage.provider.clientId,
        client_secret: 'not-the-secret-0123456789',
        groups_claim: 'groups',
        admin_group: 'ops',
      };
      for (const [key, value] of Object.entries(typed)) await page.locator(`#source-${key}`).fill(value);
      const test = page.getByRole('button', { name: t('identity-source:test.action') });
      await test.click();
      await page.getByText(t('identity-source:test.failed')).waitFor();
      const checks = page.locator('[data-result="failed"]');
      await expect
        .poll(async () => (await checks.allInnerTexts()).join(' '))
        .toContain(t('identity-source:said.client-refused'));
      expect(await window.violations()).toEqual([]);

      await page.locator('#source-client_secret').fill(stage.provider.clientSecret);
      await test.click();
      await page.getByText(t('identity-source:test.passed')).waitFor();
      stage.provider.current = 'p-grace';
      const popup = page.waitForEvent('popup');
      await page.getByRole('button', { name: t('identity-source:testLogin.action') }).click();
      await popup;
      await page.getByText(t('identity-source:testLogin.state.passed')).waitFor();
      await window.still();
      const outcome = await page.locator('main').innerText();
      expect(outcome).toMatch(new RegExp(`${t('identity-source:outcome.username')}\\s+grace`));
      expect(outcome).toMatch(
        new RegExp(`${t('identity-source:outcome.admin')}\\s+${t('identity-source:outcome.yes')}`),
      );
      expect(await window.violations()).toEqual([]);
      await tryClaims(window);
      await page.getByRole('button', { name: t('identity-source:create') }).click();
      await page.getByText(t('identity-source:saved', { name: 'Example' })).waitFor();

      const local = await stage.open(language);
      const username = local.page.getByLabel(t('session:name'));
      await local.page.goto(`${stage.product.origin}/login`);
      await local.page.getByRole('link', { name: t('session:continueWith', { name: 'Example' }) }).waitFor();
      await local.still();
      expect(await username.count()).toBe(0);
      await local.page.getByRole('button', { name: t('session:withPassword') }).click();
      await username.fill(stage.product.credentials.username);
      await local.page.locator('input[autocomplete="current-password"]').fill(stage.product.credentials.password);
      await local.page.keyboard.press('Enter');
      await local.page.waitForURL((url) => url.pathname === '/');
      await local.page.context().close();
      await page.context().close();
      // The next language begins without it, the last one leaves it for the flows below.
      if (language !== LANGUAGES.at(-1)) await stage.removeSources();
    });
  });

  it.each(VISITORS)('shows %s every page in every language, or says why not (flow 34)', async (who) => {
    const first = await arrive(who);
    const failed: string[] = [];
    first.page.on('response', (response) => {
      if (response.status() >= 500) failed.push(`${response.status()} ${response.url()}`);
    });
    for (const language of LANGUAGES) {
      const t = portalText(language);
      await first.page.evaluate<unknown>(`localStorage.setItem('moorage-language', '${language}')`);
      await first.go('/projects');
      await expect.poll(() => first.page.locator('html').getAttribute('lang')).toBe(language);
      for (const path of PAGES) {
        await first.step(path);
        const text = await first.page.locator('main').innerText();
        expect(text.trim().length, path).toBeGreaterThan(20);
        expect(text, path).not.toContain(t('ui:states.errorTitle'));
      }
    }
    expect(failed).toEqual([]);
    expect(first.problems).toEqual([]);
    await first.page.context().close();
  });

  async function arrive(who: (typeof VISITORS)[number]): Promise<LocalVisit> {
    if (who === 'grace') return stage.enter('p-grace', { username: 'grace', language: null });
    const window = await stage.open(null);
    if (who === 'anonymous') {
      await window.go('/projects');
      return window;
    }
    await window.page.goto(`${stage.product.origin}/login`);
    await window.page.getByRole('button', { name: portalText('en')('session:withPassword') }).click();
    const { credentials } = stage.product;
    const { username, password } = who === 'admin' ? credentials : { username: who, password: PASSWORD };
    await window.page.locator('input[autocomplete="username"]').fill(username);
    await window.page.locator('input[autocomplete="current-password"]').fill(password);
    await window.page.keyboard.press('Enter');
    await window.page.waitForURL((url) => url.pathname === '/');
    return window;
  }
});

/** What becomes of claims that are typed in, with the settings of the form; nobody signs in. */
async function tryClaims({ page, t }: LocalVisit): Promise<void> {
  const summary = page.getByText(t('identity-source:claims.title'), { exact: true });
  const claims = page.getByRole('textbox', { name: t('identity-source:claims.label'), exact: true });
  if (!(await claims.isVisible())) await summary.click();
  await claims.fill('no json');
  await page.getByRole('button', { name: t('identity-source:claims.action') }).click();
  await page.getByText(t('identity-source:claims.broken')).waitFor();
  await claims.fill(JSON.stringify({ sub: '7', preferred_username: 'claimed', groups: ['somebody'] }));
  await page.getByRole('button', { name: t('identity-source:claims.action') }).click();
  await page.getByText('somebody', { exact: true }).first().waitFor();
  await page.getByText('claimed', { exact: true }).first().waitFor();
}
