import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { pushManyTags, tagNames } from './many-tags.ts';
import { type Language, LANGUAGES, portalText } from './portal-text.ts';
import { type Visit, visit } from './portal-visit.ts';

const COUNT = 10_000;
const PLACE = '/projects/harbour/r/fleet';
const MATCHING = tagNames(COUNT).filter((name) => name.includes('v1.2')).length;

// Flow 9 of the portal page: 10,000 tags → filter, order of versions, facets, the address → same view in another window.
describeWith(['chromium'], 'a repository of ten thousand tags', () => {
  let product: Product;
  let browser: Browser;
  let total = COUNT + 1 + LANGUAGES.length;
  /** A tag that goes while the portal is looked at in that language. */
  const leaving = (language: Language) => `leaving-${language}`;

  beforeAll(async () => {
    product = await startProduct();
    await product.createProject('harbour');
    const client = new RegistryClient(product.origin, product.credentials);
    await pushManyTags(client, 'harbour/fleet', new ImageFactory('fleet'), tagNames(COUNT));
    await client.push('harbour/fleet', new ImageFactory('fleet-index').index(), 'stable', ...LANGUAGES.map(leaving));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const enter = async (language: Language): Promise<Visit> => {
    const window = await visit(browser, product.origin);
    await window.page.context().addInitScript(`localStorage.setItem('moorage-language', '${language}')`);
    await window.signIn(product.credentials);
    return window;
  };

  describe.each(LANGUAGES)('in %s', (language) => {
    const t = portalText(language);
    let window: Visit;
    const names = () => window.page.locator('tbody [data-primary] a').allInnerTexts();
    const says = (text: string) => window.page.getByRole('status').getByText(text, { exact: true }).waitFor();
    const results = (count: number) => says(t('ui:table.results', { count }));
    const ticked = () => window.page.locator('tbody input[data-select]:checked').count();

    beforeAll(async () => {
      window = await enter(language);
    });
    afterAll(() => window?.page.context().close());

    it('counts all of them and shows the first page', async () => {
      await window.go(PLACE);
      await results(total);
      await expect.poll(names).toHaveLength(25);
    });

    it('orders the whole set by version, not the page by letters', async () => {
      const { page } = window;
      const tag = page.getByRole('columnheader', { name: t('repository:column.tag') });
      await tag.getByRole('button').click();
      await page.waitForURL(/sort=-version/);
      await page.getByRole('link', { name: 'v9.24.36', exact: true }).waitFor();
      await window.still();
      const shown = await names();
      // 9.24.36 above 9.24.35-rc, above 9.24.32: numbers count as numbers, and a candidate comes before its release.
      expect(shown.indexOf('v9.24.32')).toBeGreaterThan(shown.indexOf('v9.24.36'));
    });

    it('narrows by name and by facet, and the address holds it all', async () => {
      const { page } = window;
      await page.getByRole('searchbox', { name: t('repository:tags.search') }).fill('v1.2');
      await page.waitForURL(/q=v1\.2/);
      await results(MATCHING);
      await window.still();
      expect((await names()).every((name) => name.includes('v1.2'))).toBe(true);

      await page
        .getByRole('search')
        .getByRole('button', { name: t('repository:column.type') })
        .click();
      await page.getByRole('radio', { name: `${t('shared:artifactKind.IMAGE')} ${MATCHING}` }).click();
      await page.waitForURL(/type=IMAGE/);
      await window.still();
      const before = await names();

      const other = await enter(language);
      await other.go(page.url().slice(product.origin.length));
      await expect.poll(() => other.page.locator('tbody [data-primary] a').allInnerTexts()).toEqual(before);
      expect(other.problems).toEqual([]);
      await other.page.context().close();
    });

    it('reaches the last page', async () => {
      const { page } = window;
      await window.go(`${PLACE}?sort=version&size=100&page=101`);
      await page.getByText(t('ui:table.range', { from: COUNT + 1, to: total, total })).waitFor();
      await expect.poll(names).toHaveLength(total - COUNT);
      await page.getByRole('button', { name: t('ui:table.previous') }).click();
      await page.waitForURL(/page=100/);
      await expect.poll(names).toHaveLength(100);
    });

    it('leads back from a page behind the last one, which deletions leave behind', async () => {
      const { page } = window;
      await window.go(`${PLACE}?sort=version&size=100&page=150`);
      await page.getByRole('button', { name: t('ui:table.toLastPage'), exact: true }).click();
      await page.waitForURL(/page=101/);
      await page.getByText(t('ui:table.range', { from: COUNT + 1, to: total, total })).waitFor();
    });

    it('marks a page by keyboard and leaves nothing out', async () => {
      const { page } = window;
      await window.go(PLACE);
      await page.locator('tbody [data-primary] a').first().waitFor();
      for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
      await says(t('ui:table.selected', { count: 2 }));
      expect(await window.violations()).toEqual([]);
      await page.getByRole('button', { name: t('ui:table.clearSelection') }).click();
      await expect.poll(ticked).toBe(0);
    });

    it('keeps what is ticked over pages and a reload, until it is gone or let go', async () => {
      const { page } = window;
      const tick = (name: string) =>
        page.getByRole('checkbox', { name: t('ui:table.selectRow', { name }), exact: true }).check();
      await window.go(PLACE);
      for (const name of ['stable', leaving(language)]) await tick(name);
      await page.getByRole('button', { name: t('ui:table.next') }).click();
      await page.waitForURL(/page=2/);
      await window.still();
      // Not the first one, which moves to the page before when a tag goes.
      await page.locator('tbody input[data-select]').nth(1).check();
      await says(t('ui:table.selected', { count: 3 }));

      await window.reload();
      await says(t('ui:table.selected', { count: 3 }));
      await expect.poll(ticked).toBe(1);
      const tag = `/projects/harbour/repositories/fleet/artifacts/stable/tags/${leaving(language)}`;
      expect(await product.api('DELETE', tag)).toMatchObject({ status: 200 });
      total -= 1;
      await window.reload();
      await says(t('ui:table.selected', { count: 2 }));
      await page.getByRole('button', { name: t('ui:table.previous') }).click();
      await page.getByRole('checkbox', { name: t('ui:table.selectRow', { name: 'stable' }), exact: true }).waitFor();
      await expect.poll(ticked).toBe(1);

      await page.getByRole('checkbox', { name: t('ui:table.selectAll') }).check();
      await page.getByRole('button', { name: t('ui:table.selectMatching', { count: total }) }).click();
      await says(t('ui:table.allMatching', { count: total }));
      await window.reload();
      await says(t('ui:table.allMatching', { count: total }));
      await page.getByRole('button', { name: t('ui:table.clearSelection') }).click();
      await window.reload();
      await results(total);
      await window.still();
      expect(await ticked()).toBe(0);
      expect(window.problems).toEqual([]);
    });
  });
});
