import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES } from './portal-pages.ts';
import { LANGUAGES, portalText } from './portal-text.ts';
import { type LocalVisit, type SignOnStage, startSignOnStage } from './sign-on-stage.ts';

const PASSWORD = 'Wharf-Lantern-77';
/** As long as a username may be, without a place to break it. */
const LONG = 'n'.repeat(255);
const NARROW = 360;
const t = portalText('en');

// Every page in both themes and on a narrow window: nothing that axe finds, nothing that scrolls sideways.
describeWith(['chromium'], 'how the portal looks', () => {
  let stage: SignOnStage;
  /** Pages of things that were made for this. */
  const made: string[] = [];

  beforeAll(async () => {
    stage = await startSignOnStage({
      people: {
        fresh: { preferred_username: 'fresh', name: 'Fresh', email: 'fresh@example.com', groups: ['crew'] },
        member: { preferred_username: 'member', name: 'Member', email: 'member@example.com', groups: ['crew'] },
      },
      source: true,
    });
    await stage.product.createProject('harbour');
    for (const username of [LONG, 'guest', 'forced']) {
      const user = { username, password: PASSWORD, email: `${username.slice(0, 60)}@example.com`, realname: username };
      await stage.must(201, 'POST', '/users', user);
    }
    for (const username of [LONG, 'guest']) {
      await stage.must(201, 'POST', '/projects/harbour/members', { role_id: 3, member_user: { username } });
    }
    await stage.must(201, 'POST', '/usergroups', { group_name: `crew-${LONG.slice(5)}`, group_type: 4 });
    const rule = {
      name: 'release',
      issuer: 'https://token.actions.githubusercontent.com',
      conditions: [{ claim: 'repository', match: 'equals', values: ['example/app'] }],
    };
    const inProject = { kind: 'project', namespace: 'harbour', access: [{ resource: 'repository', action: 'pull' }] };
    const ruleOf = async (base: string) => {
      const answer = await stage.must(201, 'POST', `${base}/federation/rules`, { ...rule, permissions: [inProject] });
      return (JSON.parse(answer) as { id: number }).id;
    };
    const robot = { name: 'ci', level: 'project', duration: 3, permissions: [inProject] };
    await stage.must(201, 'POST', '/robots', robot);
    await stage.must(201, 'POST', '/robots', { ...robot, name: 'for-all', level: 'system' });
    const [own, ofAll] = [await ruleOf('/projects/harbour'), await ruleOf('')];
    const idOf = async (path: string) => (JSON.parse(await stage.must(200, 'GET', path)) as { id: number }[])[0]?.id;
    made.push(
      `/projects/harbour/federation/${own}`,
      `/projects/harbour/federation/${own}/edit`,
      `/federation/${ofAll}`,
      `/federation/${ofAll}/edit`,
      `/groups/${await idOf('/usergroups')}`,
      `/groups/${await idOf('/usergroups')}?view=projects`,
      `/settings/auth/${await idOf('/identity-sources')}`,
      `/robots/${await idOf('/robots')}`,
    );
    const admin = new RegistryClient(stage.product.origin, stage.product.credentials);
    await admin.push('harbour/app', new ImageFactory('looks').image(), 'v1');
  });
  afterAll(() => stage?.stop());

  const signIn = async (window: LocalVisit, username: string, password: string) => {
    const { page } = window;
    await page.goto(`${stage.product.origin}/login`);
    await page.getByRole('button', { name: window.t('session:withPassword') }).click();
    await page.locator('input[autocomplete="username"]').fill(username);
    await page.locator('input[autocomplete="current-password"]').fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== '/login');
  };
  const asAdmin = async (language?: (typeof LANGUAGES)[number]) => {
    const window = await stage.open(language);
    const { username, password } = stage.product.credentials;
    await signIn(window, username, password);
    await window.page.locator('main h1').waitFor();
    return window;
  };

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it('has no accessibility findings on any page of an administrator', async () => {
      const window = await asAdmin();
      await window.page.emulateMedia({ colorScheme });
      const findings: string[] = [];
      for (const path of [...PAGES, ...made]) {
        await window.step(path);
        findings.push(...(await window.violations()).map((finding) => `${path} ${finding}`));
      }
      expect(findings).toEqual([]);
      expect(window.problems).toEqual([]);
      await window.page.context().close();
    }, 480_000);

    it('has none on the pages before one is in, nor on those of somebody from a provider', async () => {
      const window = await stage.open();
      const { page } = window;
      await page.emulateMedia({ colorScheme });
      const findings: string[] = [];
      const look = async (name: string) => {
        findings.push(...(await window.violations()).map((finding) => `${name} ${finding}`));
      };
      const provider = page.getByRole('link', { name: t('session:continueWith', { name: 'Example' }) });
      await page.goto(`${stage.product.origin}/login?sso_error=denied`);
      await provider.waitFor();
      await look('/login');
      await page.getByRole('button', { name: t('session:withPassword') }).click();
      await look('/login with password');

      stage.provider.current = 'fresh';
      await provider.click();
      await page.waitForURL((url) => url.pathname === '/onboard');
      await page.getByLabel(t('session:onboard.username')).waitFor();
      await look('/onboard');

      const somebody = await stage.enter('member', colorScheme === 'light' ? { username: 'member' } : {});
      await somebody.page.emulateMedia({ colorScheme });
      for (const path of ['/', '/me/profile', '/me/cli', '/me/security', '/projects/harbour', '/settings', '/users']) {
        await somebody.step(path);
        findings.push(...(await somebody.violations()).map((finding) => `${path} ${finding}`));
      }
      await somebody.page.context().close();

      const [user] = JSON.parse(await stage.must(200, 'GET', '/users?q=username%3Dforced')) as { user_id: number }[];
      const password = colorScheme === 'light' ? 'Brass-Anchor-51' : 'Brass-Anchor-52';
      await stage.must(200, 'PUT', `/users/${user?.user_id}/password`, { new_password: password });
      await signIn(window, 'forced', password);
      await page.waitForURL((url) => url.pathname === '/choose-password');
      await page.locator('input[type="password"]').first().waitFor();
      await look('/choose-password');
      expect(findings).toEqual([]);
      await page.context().close();
    });
  });

  it.each(LANGUAGES)('scrolls nowhere sideways on a telephone, in %s', async (language) => {
    const window = await asAdmin(language);
    await window.page.setViewportSize({ width: NARROW, height: 800 });
    // "11 months ago" is as long as a time becomes; minutes would make the page another one at each run.
    await window.page.clock.setFixedTime(Date.now() + 345 * 86_400_000);
    const wide: string[] = [];
    for (const path of [...PAGES, ...made]) {
      await window.step(path);
      const beyond = await window.overflow();
      if (beyond > 0) wide.push(`${path} ${beyond}`);
    }
    expect(wide).toEqual([]);
    await window.page.context().close();
  });

  it.each([1366, NARROW])('keeps the longest names inside their tables at %i pixels', async (width) => {
    const window = await asAdmin();
    const { page } = window;
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['/users', '/projects/harbour/members', '/groups']) {
      await window.step(path);
      await page.getByText('nnnnnnnnnnnn').first().waitFor();
      expect(await window.overflow(), path).toBeLessThanOrEqual(0);
      // Beside a table that scrolls by itself nobody sees what its other columns say.
      const hidden = await page.evaluate<number>(
        `Math.max(...[...document.querySelectorAll('main table')].map((table) => table.parentElement.scrollWidth - table.parentElement.clientWidth))`,
      );
      expect(hidden, path).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  });
});
