import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';

const short = (digest: string) => digest.slice('sha256:'.length, 'sha256:'.length + 12);

// Flow 15 of the portal page: a push moves a tag → Activity shows old and new digest → the tag is put back.
describeWith(['chromium'], 'what became of a tag', () => {
  const images = new ImageFactory('activity');
  let product: Product;
  let browser: Browser;
  let window: Visit;
  let client: RegistryClient;
  let first: string;
  let second: string;

  beforeAll(async () => {
    product = await startProduct();
    await product.createProject('harbour');
    client = new RegistryClient(product.origin, product.credentials);
    first = await client.push('harbour/web', images.image(), 'v1');
    second = await client.push('harbour/web', images.image(), 'v1');
    await client.push('harbour/web', images.image(), 'other');
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
    await window.signIn(product.credentials);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const row = (text: RegExp) => window.page.getByRole('row', { name: text });

  it('shows every move, and those of one tag alone', async () => {
    const { page } = window;
    await window.go('/projects/harbour/r/web');
    await page.getByRole('button', { name: 'Actions for v1' }).click();
    await page.getByRole('menuitem', { name: 'History of the tag' }).click();
    await page.waitForURL(/view=activity.*tag=v1|tag=v1.*view=activity/);
    await row(new RegExp(`${short(first)} ${short(second)}`)).waitFor();
    await expect.poll(() => page.locator('tbody tr[data-row]').count()).toBe(2);
    await page.reload();
    await row(new RegExp(`${short(first)} ${short(second)}`)).waitFor();
    await expect.poll(() => page.locator('tbody tr[data-row]').count()).toBe(2);
    expect(await window.violations()).toEqual([]);
  });

  it('puts the tag back on what it pointed at before', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Actions for v1' }).first().click();
    await page.getByRole('menuitem', { name: `Put v1 back on ${short(first)}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('region', { name: 'Now' }).getByText(short(second)).waitFor();
    await dialog.getByRole('region', { name: 'Afterwards' }).getByText(short(first)).waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Move the tag' }).click();
    await row(new RegExp(`Put back ${short(second)} ${short(first)}`)).waitFor();
    expect((await client.manifest('harbour/web', 'v1')).digest).toBe(first);
    expect(window.problems).toEqual([]);
  });
});
