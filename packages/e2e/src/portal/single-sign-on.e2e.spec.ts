import { join } from 'node:path';
import { createTempDirectory, describeWith, ImageFactory, RegistryClient, type TempDirectory } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLayout } from '../clients/oci-layout.ts';
import { countPointers, enterOn, tabTo, tabToText } from './keyboard.ts';
import { type Language, LANGUAGES, portalText } from './portal-text.ts';
import { paste } from './shell-command.ts';
import { type LocalVisit, type SignOnStage, startSignOnStage } from './sign-on-stage.ts';

/** What the people of a language are called: each flow has its own, so that no run meets another. */
function names(language: Language) {
  const tag = language.slice(0, 2);
  return {
    first: `ada-${tag}`,
    collides: `ada-two-${tag}`,
    odd: `odd-${tag}`,
    deep: `deep-${tag}`,
    grouped: `grace-${tag}`,
    half: `half-${tag}`,
    out: `out-${tag}`,
  };
}

function people() {
  return Object.fromEntries(
    LANGUAGES.flatMap((language) => {
      const called = names(language);
      const person = (username: string, groups: string[]) => ({
        preferred_username: username,
        name: `Name of ${username}`,
        email: `${username}@example.com`,
        groups,
      });
      return Object.entries(called).map(([flow, username]) => {
        const claimed = { collides: called.first, odd: 'bad,name%' }[flow] ?? username;
        const groups = ['first', 'deep', 'grouped'].includes(flow) ? ['developers'] : [];
        return [username, { ...person(username, groups), preferred_username: claimed }] as const;
      });
    }),
  );
}

// Flows 1 to 6 of the portal page, against a real OpenID Connect provider, in every language.
describeWith(['chromium', 'skopeo'], 'signing in through a provider, in a browser', () => {
  const images = new ImageFactory('sso');
  const grouped = new Map<Language, LocalVisit>();
  let stage: SignOnStage;
  let directory: TempDirectory;

  beforeAll(async () => {
    directory = createTempDirectory('sso');
    stage = await startSignOnStage({ people: people(), source: true });
    await stage.product.createProject('harbour');
    await stage.must(201, 'POST', '/projects/harbour/members', {
      role_id: 2,
      member_group: { group_name: 'developers', group_type: 3 },
    });
    const admin = new RegistryClient(stage.product.origin, stage.product.credentials);
    await admin.push('harbour/app', images.image(), 'v1');
  });
  afterAll(async () => {
    await stage?.stop();
    directory?.remove();
  });

  describe.each(LANGUAGES)('in %s', (language) => {
    const t = portalText(language);
    const called = names(language);

    it('begins by keyboard alone: provider, username, command-line secret, login, first push shown live (flow 1)', async () => {
      stage.provider.current = called.first;
      const window = await stage.open(language);
      const { page, problems } = window;
      const pointers = await countPointers(page);
      await page.goto(`${stage.product.origin}/login`);
      await page.locator('a[href*="/c/oidc/login"]').waitFor();
      expect(await window.violations()).toEqual([]);
      await enterOn(page, 'a[href*="/c/oidc/login"]');

      await page.waitForURL((url) => url.pathname === '/onboard');
      const field = page.getByLabel(t('session:onboard.username'));
      await field.waitFor();
      await expect.poll(() => field.inputValue()).toBe(called.first);
      await expect.poll(() => page.locator('html').getAttribute('lang')).toBe(language);
      await expect.poll(() => page.locator('main').innerText()).toContain('developers');
      expect(await window.violations()).toEqual([]);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname === '/');
      await page.locator('main h1').waitFor();

      await page.keyboard.press('g');
      await page.keyboard.press('m');
      await enterOn(page, 'main a[href="/me/cli"]');
      await page.getByRole('button', { name: t('profile:secret.make') }).waitFor();
      await tabToText(page, t('profile:secret.make'));
      await page.keyboard.press('Enter');
      await page.getByText(t('ui:secret.once')).waitFor();
      expect(await window.violations()).toEqual([]);
      // The tabs of the command follow the secret; arrows choose the client.
      await tabTo(page, 'main [role="tab"][data-client="docker"]');
      for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
      await tabTo(page, `[role="tabpanel"] [aria-label="${t('ui:commands.copyCommand')}"]`);
      const command = await window.copied(() => page.keyboard.press('Enter'));
      expect(command).toContain('skopeo login');
      const auth = join(directory.path, `auth-${language}.json`);
      const env = { REGISTRY_AUTH_FILE: auth };
      expect((await paste(command, { env })).stdout).toContain('Login Succeeded');

      await page.keyboard.press('g');
      await page.keyboard.press('p');
      await enterOn(page, 'main a[href="/projects/harbour"]');
      await enterOn(page, 'main a[href="/projects/harbour/repositories"]');
      await page.getByRole('link', { name: 'app', exact: true }).waitFor();
      const layout = join(directory.path, `layout-${language}`);
      writeLayout(layout, images.image(), 'v1');
      const target = `docker://${stage.product.host}/harbour/by-${called.first}:v1`;
      await paste(`skopeo --insecure-policy copy --dest-tls-verify=false oci:${layout}:v1 ${target}`, { env });
      await page.getByRole('link', { name: `by-${called.first}` }).waitFor();
      expect(await pointers()).toBe(0);
      expect(problems).toEqual([]);
      await page.context().close();
    });

    it('lands on the tag a link led to, in its view and with its filter (flow 2)', async () => {
      stage.provider.current = called.deep;
      const { page } = await stage.open(language);
      const provider = page.getByRole('link', { name: t('session:continueWith', { name: 'Example' }) });
      const signIn = page.locator('main').getByRole('link', { name: t('shared:denied.signIn') });
      const tag = `${stage.product.origin}/projects/harbour/r/app/v1?tab=layers`;
      await page.goto(tag);
      await signIn.click();
      await provider.click();
      await page.waitForURL((url) => url.pathname === '/onboard');
      await page.getByRole('button', { name: t('session:onboard.submit', { name: called.deep }) }).click();
      await page.waitForURL(tag);
      await page.getByRole('heading', { level: 1, name: 'v1' }).waitFor();
      const view = page.getByRole('link', { name: t('artifact:tab.layers') });
      await expect.poll(() => view.getAttribute('aria-current')).toBe('page');

      await page.context().clearCookies();
      const list = `${stage.product.origin}/projects/harbour/r/app?q=v1`;
      await page.goto(list);
      await signIn.click();
      await provider.click();
      await page.waitForURL(list);
      await page.getByRole('row', { name: 'v1' }).waitFor();
      await expect.poll(() => page.getByRole('searchbox').first().inputValue()).toBe('v1');
      await page.context().close();
    });

    it('asks for another username when the proposed one is taken or cannot be used (flow 3)', async () => {
      stage.provider.current = called.collides;
      const window = await stage.open(language);
      const { page } = window;
      const username = page.getByLabel(t('session:onboard.username'));
      const provider = { name: t('session:continueWith', { name: 'Example' }) };
      await page.goto(`${stage.product.origin}/login`);
      await page.getByRole('link', provider).click();
      await page.waitForURL((url) => url.pathname === '/onboard');
      await username.fill(called.first);
      await page.keyboard.press('Enter');
      await page.getByText(t('session:onboard.taken')).waitFor();
      expect(await window.violations()).toEqual([]);
      await username.fill('a,b');
      await page.getByText(t('session:onboard.rule')).waitFor();
      await username.fill(called.collides);
      await page.getByRole('button', { name: t('session:onboard.submit', { name: called.collides }) }).click();
      await page.waitForURL((url) => url.pathname === '/');
      await page.goto(`${stage.product.origin}/me/cli`);
      await expect.poll(() => page.locator('main pre').first().innerText()).toContain(`-u ${called.collides}`);
      await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe(called.collides);
      await page.context().close();

      stage.provider.current = called.odd;
      const odd = await stage.open(language);
      await odd.page.goto(`${stage.product.origin}/login`);
      await odd.page.getByRole('link', provider).click();
      await odd.page.waitForURL((url) => url.pathname === '/onboard');
      await odd.page.getByText(t('session:onboard.unusable')).waitFor();
      await odd.page.getByLabel(t('session:onboard.username')).fill(called.odd);
      await odd.page.getByRole('button', { name: t('session:onboard.submit', { name: called.odd }) }).click();
      await odd.page.waitForURL((url) => url.pathname === '/');
      await odd.page.context().close();
    });

    it('gives the role of a group (flow 4)', async () => {
      const window = await stage.enter(called.grouped, { username: called.grouped, language });
      await window.go('/projects/harbour');
      const role = t('shared:role.developer.name');
      await window.page.getByText(t('project:yourRole', { role })).waitFor();
      await window.go('/projects/harbour/r/app?view=about');
      grouped.set(language, window);
      const claims = stage.provider.people.get(called.grouped);
      stage.provider.people.set(called.grouped, { ...claims, groups: [] });
    });

    it('keeps a half-filled form when the session ends (flow 5)', async () => {
      const window = await stage.enter(called.half, { username: called.half, language });
      const { page } = window;
      await page.goto(`${stage.product.origin}/me/profile`);
      const name = page.getByLabel(t('profile:profile.realname'));
      await name.fill('Half A. Person');
      const found = await stage.must(200, 'GET', `/users?q=username%3D${called.half}`);
      const [user] = JSON.parse(found) as { user_id: number }[];
      await stage.must(200, 'DELETE', `/users/${user?.user_id}/sessions`);
      await page.getByRole('button', { name: t('shared:save'), exact: true }).click();
      await page.getByText(t('shell:session.endedTitle')).waitFor();
      expect(await window.violations()).toEqual([]);
      const popup = page.waitForEvent('popup');
      await page.getByRole('link', { name: t('session:continueWith', { name: 'Example' }) }).click();
      await popup;
      await page.getByText(t('profile:profile.saved')).waitFor();
      await expect.poll(() => name.inputValue()).toBe('Half A. Person');
      expect(await stage.must(200, 'GET', `/users/${user?.user_id}`)).toContain('Half A. Person');
      await page.context().close();
    });

    it('signs out at the provider too, and Back shows nothing private (flow 6)', async () => {
      const window = await stage.enter(called.out, { username: called.out, language });
      const { page } = window;
      const isAway = (url: URL) => url.origin === stage.provider.issuer || url.pathname === '/login';
      await page.goto(`${stage.product.origin}/me/profile`);
      await page.getByLabel(t('profile:profile.email')).waitFor();
      stage.provider.requests.length = 0;
      await page.getByRole('button', { name: t('shell:account.label', { name: called.out }) }).click();
      await page.getByRole('menuitem', { name: t('shell:account.signOut') }).click();
      await page.waitForURL(isAway);
      await expect.poll(() => stage.provider.requests).toContain('GET /session/end');
      await page.goBack();
      await page.waitForURL(isAway);
      await window.still();
      expect(await page.locator('body').innerText()).not.toContain(`${called.out}@example.com`);
      await page.context().close();
    });
  });

  // What the provider says is believed for a minute; the flows between have taken most of it.
  describe.each(LANGUAGES)('later, in %s', (language) => {
    const t = portalText(language);

    it('takes the role away with the group in the session that is open, and explains (flow 4)', async () => {
      const window = grouped.get(language);
      if (window === undefined) throw new Error('nobody entered by the group');
      const { page } = window;
      const edit = page.getByRole('button', { name: t('repository:about.edit') });
      const denied = page.getByText(t('ui:states.deniedTitle'));
      await edit.click();
      const text = page.getByRole('textbox', { name: t('repository:about.description') });
      const save = page.getByRole('button', { name: t('shared:save'), exact: true });
      await expect
        .poll(
          async () => {
            if (await text.isVisible()) {
              await text.fill(`Written at ${Date.now()}`);
              await save.click();
            } else if (await edit.isVisible()) await edit.click();
            return page.locator('main').getByText(t('shared:error.FORBIDDEN.title')).or(denied).count();
          },
          { timeout: 75_000, interval: 2_000 },
        )
        .toBeGreaterThan(0);
      await window.go('/projects/harbour');
      await denied.waitFor();
      await expect.poll(() => page.locator('main').innerText()).toContain(t('shared:denied.page'));
      expect(await window.violations()).toEqual([]);
      expect(window.problems).toEqual([]);
      await page.context().close();
    });
  });
});
