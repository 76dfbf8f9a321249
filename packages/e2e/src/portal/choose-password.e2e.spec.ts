import { describeWith } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';

const OWN = 'Quiet-Lantern-84';

describeWith(['chromium'], 'a password that an administrator has set', () => {
  let product: Product;
  let browser: Browser;
  let window: Visit;
  const olga = { username: 'olga', password: 'Brass-Anchor-52' };

  beforeAll(async () => {
    product = await startProduct();
    const user = { ...olga, password: 'Copper-Kettle-19', email: 'olga@example.com', realname: 'Olga' };
    expect((await product.api('POST', '/users', user)).status).toBe(201);
    const [found] = JSON.parse((await product.api('GET', '/users/search?username=olga')).body) as { user_id: number }[];
    const reset = await product.api('PUT', `/users/${found?.user_id}/password`, { new_password: olga.password });
    expect(reset.status).toBe(200);
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('leads from every page to choosing one’s own', async () => {
    await window.signIn(olga);
    await window.go('/me?probe=1');
    await window.page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
    expect(await window.violations()).toEqual([]);
  });

  it('says what is wrong with the present password', async () => {
    const { page } = window;
    await page.getByLabel('Present password').fill('not-it');
    await page.getByLabel('New password', { exact: true }).fill(OWN);
    await page.keyboard.press('Enter');
    await page.getByText('This is not your present password.').waitFor();
  });

  it('opens the page one wanted once it is chosen, and stays away', async () => {
    const { page } = window;
    await page.getByLabel('Present password').fill(olga.password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/me');
    await window.go('/');
    expect(new URL(page.url()).pathname).toBe('/');
    await window.go('/choose-password');
    await page.waitForURL((url) => url.pathname === '/');
    expect(window.problems).toEqual([]);
  });
});
