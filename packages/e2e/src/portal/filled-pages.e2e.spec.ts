import { describeWith } from '@moorage/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type FilledProject, fillProject, TRAP } from './filled-project.ts';
import { type PortalText, portalText } from './portal-text.ts';
import { visit } from './portal-visit.ts';
import { untranslatedIn } from './untranslated.ts';

interface Scene {
  readonly path: string;
  /** Opens a dialog there; Escape closes it. */
  readonly open?: (page: Page, t: PortalText) => Promise<void>;
}

/** What is on the page though nobody of us put it there. */
const SMUGGLED = `[...document.querySelectorAll('main *')].filter((element) =>
  [...element.attributes].some(({ name, value }) =>
    /^on/i.test(name) || (/^(href|src|action|srcdoc|xlink:href)$/i.test(name) && /^\\s*(javascript|data:text)/i.test(value))) ||
  element.matches('img:not([src^="/"]), iframe, math, form[action], main style, main script')).map((element) => element.outerHTML.slice(0, 120))`;
const WIDTHS = [1366, 360] as const;
const WEB = '/projects/harbour/r/web';

const menuOf = (row: string, key: string) => async (page: Page, t: PortalText) => {
  await page
    .getByRole('button', { name: t('ui:table.rowActions', { name: row }), exact: true })
    .first()
    .click();
  await page.getByRole('menuitem', { name: t(key) }).click();
};
const press = (key: string) => async (page: Page, t: PortalText) => {
  await page
    .locator('main')
    .getByRole('button', { name: t(key), exact: true })
    .first()
    .click();
};

/** The pages of flows 9 to 15, 24, 25, 29 and 30, with the dialogs on them. */
function scenesOf(made: FilledProject): readonly Scene[] {
  const retention = '/projects/harbour/policies/retention';
  const immutability = '/projects/harbour/policies/immutability';
  return [
    { path: WEB },
    { path: WEB, open: menuOf('v2', 'repository:tags.untag') },
    { path: WEB, open: menuOf('v2', 'repository:artifacts.delete') },
    { path: WEB, open: menuOf('v2', 'repository:tags.add') },
    { path: WEB, open: menuOf('v2', 'repository:copy.action') },
    { path: WEB, open: press('repository:delete.action') },
    { path: `${WEB}?q=nothing` },
    { path: `${WEB}?view=artifacts` },
    { path: `${WEB}?view=activity` },
    { path: `${WEB}?view=about` },
    { path: `${WEB}?removal=${made.removal}` },
    ...['', 'layers', 'config', 'history', 'sbom', 'referrers', 'raw'].map((tab) => ({ path: `${WEB}/v2?tab=${tab}` })),
    { path: `${WEB}/v2`, open: press('marks:hold.lock.action') },
    { path: `${WEB}/gone` },
    { path: '/projects/harbour/r/tools%2Fmulti/v1' },
    { path: '/projects/harbour/r/tools%2Fmulti/v1?tab=layers' },
    ...['', 'readme', 'values', 'dependencies'].map((tab) => ({
      path: `/projects/harbour/r/charts%2Fshop/v1?tab=${tab}`,
    })),
    ...['readme', 'license', 'files'].map((tab) => ({ path: `/projects/harbour/r/models%2Ftiny/v1?tab=${tab}` })),
    { path: '/projects/harbour/compare' },
    { path: '/projects/harbour/compare?a=harbour/web:v1&b=harbour/web:v2' },
    { path: '/projects/harbour/trash' },
    { path: '/projects/harbour/trash', open: press('trash:emptyAll.action') },
    { path: '/projects/harbour/trash?view=removals' },
    { path: '/trash' },
    { path: retention },
    { path: retention, open: press('retention:run.now') },
    { path: `${retention}/edit` },
    { path: `${retention}/runs/${made.retention}` },
    { path: immutability },
    { path: `${immutability}/${made.rule}` },
    { path: '/projects/harbour/labels?create=true' },
    { path: '/projects/harbour/storage' },
    { path: '/projects/harbour/storage/blobs' },
    { path: '/quotas' },
    { path: '/quotas', open: menuOf('harbour', 'quota:edit.action') },
    { path: '/storage' },
    { path: '/storage', open: press('storage:collect.now') },
    { path: `/storage/${made.collection}` },
    { path: '/storage/checks' },
    { path: '/jobs' },
    ...[made.removal, made.retention, made.collection].map((run) => ({ path: `/jobs/${run}` })),
    { path: '/jobs/queues' },
    { path: '/jobs/schedules' },
    { path: '/search?q=web' },
    { path: '/search?by=label&q=reviewed' },
    { path: '/' },
  ];
}

describeWith(['chromium'], 'the pages of an artifact that has lived', () => {
  let product: Product;
  let browser: Browser;
  let scenes: readonly Scene[];

  beforeAll(async () => {
    product = await startProduct();
    scenes = scenesOf(await fillProject(product));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it.each([
    ['en', 'light', true],
    ['zh-CN', 'dark', true],
    ['ru', 'dark', false],
  ] as const)(
    'say everything in %s, fit wide and narrow windows in %s, and run nothing that was pushed',
    async (language, colorScheme, withAxe) => {
      const t = portalText(language);
      const window = await visit(browser, product.origin);
      const { page } = window;
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (origin !== product.origin && protocol !== 'data:') elsewhere.push(request.url());
      });
      await page.context().addInitScript(TRAP);
      // Once for all: colours that are on their way from one scheme to the other have no contrast.
      await page.emulateMedia({ colorScheme });
      await page.context().addInitScript(`localStorage.setItem('moorage-language', '${language}')`);
      await window.signIn(product.credentials);
      // "11 months ago" is as long as a time becomes; minutes would make the pages others at each run.
      await page.clock.setFixedTime(Date.now() + 345 * 86_400_000);
      const untranslated = untranslatedIn(language);
      const found: string[] = [];
      for (const [place, scene] of scenes.entries()) {
        const name = `${place} ${scene.path}`;
        await page.setViewportSize({ width: WIDTHS[0], height: 820 });
        await window.step(scene.path);
        await scene.open?.(page, t);
        if (scene.open) {
          await page.getByRole('dialog').first().waitFor();
          await window.still();
        }
        found.push(...(await untranslated(page)).map((text) => `${name}: ${text}`));
        found.push(...(await page.evaluate<string[]>(SMUGGLED)).map((html) => `${name}: ${html}`));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 820 });
          const beyond = await window.overflow();
          if (beyond > 0) found.push(`${name} at ${width}: ${beyond} pixels too wide`);
        }
        if (withAxe) {
          await page.setViewportSize({ width: WIDTHS[0], height: 820 });
          found.push(...(await window.violations()).map((finding) => `${name} ${colorScheme}: ${finding}`));
        }
        if (scene.open) await closeDialog(page);
      }
      expect(found).toEqual([]);
      expect(await page.evaluate<string[]>('self.trapped')).toEqual([]);
      expect(elsewhere).toEqual([]);
      expect(window.problems).toEqual([]);
      await page.context().close();
    },
    900_000,
  );
});

/** A dialog that has only just come does not hear the key yet. */
async function closeDialog(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.keyboard.press('Escape');
        return page.getByRole('dialog').count();
      },
      { interval: 300 },
    )
    .toBe(0);
}
