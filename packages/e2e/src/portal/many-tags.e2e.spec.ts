import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { pushManyTags, tagNames } from './many-tags.ts';
import { type Visit, visit } from './portal-visit.ts';

const COUNT = 10_000;
const PLACE = '/projects/harbour/r/fleet';

// Flow 9 of the portal page: 10,000 tags → filter, order of versions, facets, the address → same view in another window.
describeWith(['chromium'], 'a repository of ten thousand tags', () => {
  let product: Product;
  let browser: Browser;
  let window: Visit;

  beforeAll(async () => {
    product = await startProduct();
    await product.createProject('harbour');
    const client = new RegistryClient(product.origin, product.credentials);
    await pushManyTags(client, 'harbour/fleet', new ImageFactory('fleet'), tagNames(COUNT));
    await client.push('harbour/fleet', new ImageFactory('fleet-index').index(), 'stable');
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
    await window.signIn(product.credentials);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const names = () => window.page.locator('tbody [data-primary] a').allInnerTexts();
  const settled = () => window.page.locator('table[aria-busy="false"]').waitFor();
  const results = (count: string) => window.page.getByRole('status').getByText(`${count} results`, { exact: true });

  it('counts all of them and shows the first page', async () => {
    await window.go(PLACE);
    await results('10,001').waitFor();
    expect(await names()).toHaveLength(25);
  });

  it('orders the whole set by version, not the page by letters', async () => {
    await window.page.getByRole('columnheader', { name: 'Tag' }).getByRole('button').click();
    await window.page.waitForURL(/sort=-version/);
    await settled();
    await window.page.getByRole('link', { name: 'v9.24.36', exact: true }).waitFor();
    const shown = await names();
    // 9.24.36 above 9.24.35-rc, above 9.24.32: numbers count as numbers, and a candidate comes before its release.
    expect(shown.indexOf('v9.24.36')).toBeLessThan(shown.indexOf('v9.24.32'));
  });

  it('narrows by name and by facet, and the address holds it all', async () => {
    const { page } = window;
    await page.getByRole('searchbox', { name: 'Search tags' }).fill('v1.2');
    await page.waitForURL(/q=v1\.2/);
    await settled();
    const matching = tagNames(COUNT).filter((name) => name.includes('v1.2')).length;
    await results(matching.toLocaleString('en')).waitFor();
    expect((await names()).every((name) => name.includes('v1.2'))).toBe(true);

    await page.getByRole('search').getByRole('button', { name: 'Type' }).click();
    await page.getByRole('radio', { name: `Image ${matching}` }).click();
    await page.waitForURL(/type=IMAGE/);
    await settled();
    const address = page.url();
    const before = await names();

    const other = await visit(browser, product.origin);
    await other.signIn(product.credentials);
    await other.go(address.slice(product.origin.length));
    await other.page.locator('tbody [data-primary] a').first().waitFor();
    expect(await other.page.locator('tbody [data-primary] a').allInnerTexts()).toEqual(before);
    expect(other.problems).toEqual([]);
    await other.page.context().close();
  });

  it('reaches the last page', async () => {
    const { page } = window;
    await window.go(`${PLACE}?sort=version&size=100&page=101`);
    await page.getByText('10,001–10,001 of 10,001').waitFor();
    expect(await names()).toHaveLength(1);
    await page.getByRole('button', { name: 'Previous page' }).click();
    await page.waitForURL(/page=100/);
    await settled();
    expect(await names()).toHaveLength(100);
  });

  it('leads back from a page behind the last one, which deletions leave behind', async () => {
    const { page } = window;
    await window.go(`${PLACE}?sort=version&size=100&page=150`);
    await page.getByRole('button', { name: 'Go to the last page', exact: true }).click();
    await page.waitForURL(/page=101/);
    await page.getByText('10,001–10,001 of 10,001').waitFor();
  });

  it('marks a page by keyboard and leaves nothing out', async () => {
    const { page } = window;
    await window.go(PLACE);
    await page.locator('tbody [data-primary] a').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('status').getByText('2 selected').waitFor();
    expect(await window.violations()).toEqual([]);
    expect(window.problems).toEqual([]);
  });
});
