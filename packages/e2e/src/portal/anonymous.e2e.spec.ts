import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';

// Flow 41 of the portal page: strangers browse what is public; what is private answers as if it did not exist.
describeWith(['chromium'], 'a visitor who is not signed in', () => {
  let product: Product;
  let browser: Browser;
  let window: Visit;

  beforeAll(async () => {
    product = await startProduct();
    for (const [name, open] of [
      ['open-harbour', 'true'],
      ['closed-harbour', 'false'],
    ]) {
      await product.api('POST', '/projects', { project_name: name, metadata: { public: open } });
      const client = new RegistryClient(product.origin, product.credentials);
      await client.push(`${name}/web`, new ImageFactory(`${name}`).image(), 'v1');
    }
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('sees the public projects and no others', async () => {
    await window.go('/projects');
    await window.page.getByRole('link', { name: 'open-harbour' }).waitFor();
    await window.still();
    expect(await window.page.locator('main').innerText()).not.toContain('closed-harbour');
    expect(await window.violations()).toEqual([]);
  });

  it('walks to a tag and its layers, and finds nothing to change', async () => {
    const { page } = window;
    await page.getByRole('link', { name: 'open-harbour' }).click();
    await page.getByRole('link', { name: /^Repositories/ }).click();
    await page.getByRole('link', { name: 'web', exact: true }).click();
    await page.getByRole('link', { name: 'v1', exact: true }).click();
    await page.getByRole('link', { name: /^Layers/ }).click();
    await page.getByRole('heading', { name: '2 layers' }).waitFor();
    await page.getByText('docker pull').first().waitFor();
    await window.still();
    expect(await page.getByRole('button', { name: /Delete|Push commands/ }).count()).toBe(0);
    expect(await window.violations()).toEqual([]);
  });

  it.each(['/projects/closed-harbour', '/projects/closed-harbour/r/web', '/projects/closed-harbour/r/web/v1'])(
    'gets the same answer for %s as for what does not exist',
    async (path) => {
      const said = async (address: string) => {
        await window.go(address);
        await window.page.getByRole('link', { name: 'All projects' }).waitFor();
        await window.still();
        return (await window.page.locator('main').innerText()).replaceAll(/closed-harbour|nowhere/g, 'X');
      };
      expect(await said(path)).toBe(await said(path.replace('closed-harbour', 'nowhere')));
    },
  );
});
