import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { countPointers, tabToText } from './keyboard.ts';
import { LANGUAGES, portalText } from './portal-text.ts';
import { visit } from './portal-visit.ts';

const TAGS = ['v1.0.0', 'a1', 'a2', 'a3', 'a4', 'a5'] as const;
const PROJECTS = { en: 'harbour', 'zh-CN': 'gangkou', ru: 'gavan' } as const;

interface Run {
  readonly status: string;
  readonly dry_run: boolean;
  readonly totals?: { readonly tags_deleted: number };
}

// Flow 24 of the portal page: the preview follows the form → the dry run decides the same → the run removes just that →
// what is immutable stays. In English by keyboard alone.
describeWith(['chromium'], 'retention, from the form to the run', () => {
  const images = new ImageFactory('retention');
  let product: Product;
  let browser: Browser;
  let client: RegistryClient;

  beforeAll(async () => {
    product = await startProduct();
    browser = await launchBrowser();
    client = new RegistryClient(product.origin, product.credentials);
    for (const project of Object.values(PROJECTS)) {
      await product.createProject(project);
      const rule = {
        tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'v*' }],
        scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
      };
      expect((await product.api('POST', `/projects/${project}/immutabletagrules`, rule)).status).toBe(201);
      for (const tag of TAGS) await client.push(`${project}/app`, images.image(), tag);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** The newest run once it has ended well. */
  const endedRun = async (project: string, dryRun: boolean): Promise<Run> => {
    let run: Run | undefined;
    await expect
      .poll(
        async () => {
          const { body } = await product.api('GET', `/projects/${project}/retention/runs?page_size=1`);
          [run] = JSON.parse(body) as Run[];
          return `${run?.status} ${run?.dry_run}`;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(`Success ${dryRun}`);
    if (run === undefined) throw new Error('there is no run');
    return run;
  };

  it.each(LANGUAGES)('shows what goes before it is saved, and a run removes just that, in %s', async (language) => {
    const project = PROJECTS[language];
    const t = portalText(language);
    const window = await visit(browser, product.origin);
    const { page } = window;
    await page.context().addInitScript(`localStorage.setItem('moorage-language', ${JSON.stringify(language)})`);
    const pointers = await countPointers(page);
    await window.signIn(product.credentials);
    const byKeyboard = language === 'en';
    const press = (name: string) => (byKeyboard ? pressKey(page, name) : click(page, name));

    await window.go(`/projects/${project}/policies/retention`);
    await press(t('retention:builder.start'));
    await page.waitForURL((url) => url.pathname.endsWith('/retention/edit'));
    await press(t('retention:builder.add'));
    const start = page.getByRole('menuitem', { name: t('retention:start.newest') });
    await start.waitFor();
    if (byKeyboard) await pickFromMenu(page, t('retention:start.newest'));
    else await start.click();
    const count = page.getByRole('textbox', { name: t('retention:newest.count') });
    await count.waitFor();
    await page.getByRole('row', { name: /app:a1/ }).waitFor();
    await count.fill('2');
    await page
      .getByRole('row', { name: /app:a1/ })
      .getByText(t('retention:decision.delete'))
      .waitFor();
    // What was written outlives a reload, and so does the view of it.
    await page.reload();
    await page.getByText(t('shared:draft.restored')).waitFor();
    await page
      .getByRole('row', { name: /app:a1/ })
      .getByText(t('retention:decision.delete'))
      .waitFor();
    expect(await window.violations()).toEqual([]);
    const doomed = ['a1', 'a2', 'a3'];
    await expect.poll(() => doomedTags(page, t('retention:decision.delete'))).toEqual(doomed);

    await press(t('retention:builder.save'));
    await page.waitForURL((url) => url.pathname.endsWith('/policies/retention'));
    await press(t('retention:run.dry'));
    await page.waitForURL((url) => /\/runs\/\d+$/.test(url.pathname));
    const dry = await endedRun(project, true);
    expect(dry.totals?.tags_deleted).toBe(doomed.length);
    await page.getByText(t('job:state.Success'), { exact: true }).first().waitFor();
    expect(await client.tags(`${project}/app`)).toHaveLength(TAGS.length);
    await press('app');
    await page.getByRole('log').getByText(/a1/).waitFor();
    expect(await window.violations()).toEqual([]);

    await window.go(`/projects/${project}/policies/retention`);
    await press(t('retention:run.now'));
    await page.getByRole('dialog').getByText(t('retention:run.goes')).waitFor();
    expect(await window.violations()).toEqual([]);
    await pressInDialog(page, t('retention:run.now'), byKeyboard);
    await page.waitForURL((url) => /\/runs\/\d+$/.test(url.pathname));
    await endedRun(project, false);
    await page.getByText(t('retention:runs.removedText', { tags: doomed.length, artifacts: doomed.length })).waitFor();
    const left = await client.tags(`${project}/app`);
    expect(left.toSorted()).toEqual(TAGS.filter((tag) => !doomed.includes(tag)).toSorted());
    if (byKeyboard) expect(await pointers()).toBe(0);
    expect(window.problems).toEqual([]);
    await page.context().close();
  });
});

async function click(page: Page, name: string): Promise<void> {
  const exact = { name, exact: true };
  await page.getByRole('button', exact).or(page.getByRole('link', exact)).first().click();
}

async function pressKey(page: Page, name: string): Promise<void> {
  const exact = { name, exact: true };
  await page.getByRole('button', exact).or(page.getByRole('link', exact)).first().waitFor();
  await tabToText(page, name);
  await page.keyboard.press('Enter');
}

/** Its entries are an Arrow key apart, once the menu holds the focus. */
async function pickFromMenu(page: Page, name: string): Promise<void> {
  await page.locator('[role="menu"]:focus-within').waitFor();
  await expect
    .poll(async () => {
      const focused = await page.evaluate<string>('document.activeElement?.textContent?.trim() ?? ""');
      if (focused !== name) await page.keyboard.press('ArrowDown');
      return focused;
    })
    .toBe(name);
  await page.keyboard.press('Enter');
}

async function pressInDialog(page: Page, name: string, byKeyboard: boolean): Promise<void> {
  if (byKeyboard) await pressKey(page, name);
  else await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

/** The tags whose row says that they go. */
async function doomedTags(page: Page, goes: string): Promise<string[]> {
  const rows = await page.getByRole('row').filter({ hasText: goes }).getByRole('link').allInnerTexts();
  return rows.map((text) => text.replace(/^app:/, '')).toSorted();
}
