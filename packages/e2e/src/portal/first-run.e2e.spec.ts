import {
  describeWith,
  ImageFactory,
  RegistryClient,
  type Slapd,
  SLAPD_USER_PASSWORD,
  startSlapd,
} from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Language, LANGUAGES, portalText } from './portal-text.ts';
import { type LocalVisit, type SignOnStage, startSignOnStage } from './sign-on-stage.ts';

const tagOf = (language: Language) => language.slice(0, 2);

// Flow 44 of the portal page, a new installation set up with nothing but the portal, and the same with a directory.
describeWith(['chromium', 'slapd'], 'a new installation, in a browser', () => {
  let stage: SignOnStage;
  let directory: Slapd;
  let crew: string;

  beforeAll(async () => {
    directory = await startSlapd();
    const sailors = await Promise.all(LANGUAGES.map((language) => directory.addUser(`tess-${tagOf(language)}`)));
    for (const tag of LANGUAGES.map(tagOf)) await directory.addUser(`mate-${tag}`);
    crew = await directory.addGroup('crew', sailors);
    stage = await startSignOnStage({
      people: Object.fromEntries(
        LANGUAGES.map(tagOf).map((tag) => [
          tag,
          { preferred_username: `new-${tag}`, email: `new-${tag}@example.com`, groups: [`engineers-${tag}`] },
        ]),
      ),
      source: false,
    });
  });
  afterAll(async () => {
    await stage?.stop();
    await directory?.stop();
  });

  /** Makes a project in the portal and gives a group a role in it. `typed` finds the group, `offered` is how it is shown. */
  async function openProjectTo(window: LocalVisit, project: string, typed: string, offered = typed): Promise<void> {
    const { page, t } = window;
    const dialog = page.getByRole('dialog');
    await window.go('/projects?create=true');
    await dialog.getByRole('textbox', { name: t('project:create.name') }).fill(project);
    await dialog.getByRole('button', { name: t('project:create.submit') }).click();
    await page.waitForURL((url) => url.pathname.startsWith(`/projects/${project}`));
    await window.go(`/projects/${project}/members`);
    await page.getByRole('button', { name: t('member:add.button') }).click();
    await dialog.getByText(t('member:kind.group'), { exact: true }).click();
    await page.getByRole('combobox', { name: t('member:add.group') }).fill(typed);
    await page.getByRole('option', { name: offered }).first().click();
    await dialog.getByRole('button', { name: t('member:add.submit') }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Somebody who is made admin of the project, and nothing more, adds a person of the directory who never signed in. */
  async function addMateAsLead(window: LocalVisit, tag: string): Promise<void> {
    const { page, t } = window;
    const lead = { role_id: 1, member_user: { username: `tess-${tag}` } };
    await stage.must(201, 'POST', `/projects/deck-${tag}/members`, lead);
    await window.go(`/projects/deck-${tag}/members`);
    await page
      .locator('main')
      .getByRole('button', { name: t('member:add.button') })
      .click();
    await page.getByRole('combobox', { name: t('member:add.user') }).fill(`mate-${tag}`);
    const mate = page.getByRole('option', { name: `mate-${tag}` });
    await mate.getByText(t('member:add.ofDirectory', { name: `mate-${tag}`, source: 'Directory' })).waitFor();
    expect(await window.violations()).toEqual([]);
    await mate.click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('member:add.submit') })
      .click();
    await page.getByRole('row', { name: `mate-${tag}` }).waitFor();
  }

  describe.each(LANGUAGES)('in %s', (language) => {
    const t = portalText(language);
    const tag = tagOf(language);

    it('is healthy, gets a provider, a project and its first colleague, and takes the first push (flow 44)', async () => {
      const window = await stage.open(language);
      const { page } = window;
      await window.signIn(stage.product.credentials);
      // The worker is the last to say that it is there.
      await page.getByText(t('home:health.up')).waitFor({ timeout: 60_000 });
      await expect.poll(() => page.locator('[data-up="true"]').count()).toBeGreaterThanOrEqual(4);

      await window.go('/settings/auth');
      await page
        .getByRole('button', { name: t('identity-source:add') })
        .first()
        .click();
      await page.getByRole('menuitem', { name: t('identity-source:kind.oidc.name') }).click();
      const typed = {
        name: 'Example',
        endpoint: stage.provider.issuer,
        client_id: stage.provider.clientId,
        client_secret: stage.provider.clientSecret,
        groups_claim: 'groups',
      };
      for (const [key, value] of Object.entries(typed)) await page.locator(`#source-${key}`).fill(value);
      await page.getByRole('button', { name: t('identity-source:test.action') }).click();
      await page.getByText(t('identity-source:test.passed')).waitFor();
      await page.getByRole('button', { name: t('identity-source:create') }).click();
      await page.getByText(t('identity-source:saved', { name: 'Example' })).waitFor();
      await openProjectTo(window, `engine-${tag}`, `engineers-${tag}`);

      const colleague = await stage.enter(tag, { username: `new-${tag}`, language });
      const role = t('shared:role.developer.name');
      await colleague.go(`/projects/engine-${tag}`);
      await colleague.page.getByText(t('project:yourRole', { role })).waitFor();
      await colleague.go('/me/tokens/new');
      await colleague.page.locator('main input').first().fill('laptop');
      await colleague.page.getByRole('button', { name: t('personal-token:create.submit') }).click();
      const token = (await colleague.page.locator('main pre').nth(1).innerText()).trim();
      const client = new RegistryClient(stage.product.origin, { username: `new-${tag}`, password: token });
      await client.push(`engine-${tag}/first`, new ImageFactory('first').image(), 'v1');
      await window.go(`/projects/engine-${tag}/repositories`);
      await page.getByRole('link', { name: 'first', exact: true }).waitFor();
      expect([...window.problems, ...colleague.problems]).toEqual([]);
      await colleague.page.context().close();
      await page.context().close();
      await stage.removeSources();
    });

    it('gets a directory, tried before it is saved; its people sign in, its groups give roles', async () => {
      const window = await stage.open(language);
      const { page } = window;
      await window.signIn(stage.product.credentials);
      await window.go('/settings/auth');
      await page
        .getByRole('button', { name: t('identity-source:add') })
        .first()
        .click();
      await page.getByRole('menuitem', { name: t('identity-source:kind.ldap.name') }).click();
      const typed = {
        name: 'Directory',
        url: `ldap://127.0.0.1:${directory.port}`,
        search_dn: directory.searchDn,
        search_password: 'not-the-password',
        base_dn: `ou=people,${directory.suffix}`,
        uid: 'uid',
        group_base_dn: `ou=groups,${directory.suffix}`,
        group_search_filter: '(objectClass=groupOfNames)',
      };
      for (const [key, value] of Object.entries(typed)) await page.locator(`#source-${key}`).fill(value);
      const test = page.getByRole('button', { name: t('identity-source:test.action') });
      await test.click();
      await page.getByText(t('identity-source:test.failed')).waitFor();
      // Which account the directory refused, in whatever language the sentence is.
      const failed = page.locator('[data-result="failed"]');
      await expect.poll(async () => (await failed.allInnerTexts()).join(' ')).toContain(directory.searchDn);
      expect(await window.violations()).toEqual([]);
      await page.locator('#source-search_password').fill(directory.searchPassword);
      await test.click();
      await page.getByText(t('identity-source:test.passed')).waitFor();
      await page.getByRole('button', { name: t('identity-source:create') }).click();
      await page.getByText(t('identity-source:saved', { name: 'Directory' })).waitFor();
      await openProjectTo(window, `deck-${tag}`, 'cre', crew);

      const sailor = await stage.open(language);
      await sailor.page.goto(`${stage.product.origin}/login`);
      await sailor.page.getByText(t('session:directory', { names: 'Directory' })).waitFor();
      expect(await sailor.violations()).toEqual([]);
      await sailor.signIn({ username: `tess-${tag}`, password: SLAPD_USER_PASSWORD });
      const role = t('shared:role.developer.name');
      await sailor.go(`/projects/deck-${tag}`);
      await sailor.page.getByText(t('project:yourRole', { role })).waitFor();
      await addMateAsLead(sailor, tag);
      expect([...window.problems, ...sailor.problems]).toEqual([]);
      await sailor.page.context().close();
      await page.context().close();
      await stage.removeSources();
    });
  });
});
