import { describeWith, ImageFactory } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bench } from '../target/target.ts';
import { accessibilityFindings, launchBrowser, openPage, signIn } from './browser.ts';
import { followCalls, stillPage } from './still-page.ts';

/** How far the page reaches beyond the window, in pixels. */
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const LANGUAGES = ['en', 'zh-CN', 'ru'];

describeWith(['chromium'], 'the portal in a browser', () => {
  const images = new ImageFactory('portal');
  let bench: Bench;
  let browser: Browser;

  beforeAll(async () => {
    [bench, browser] = await Promise.all([Bench.start('shelf'), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await bench?.close();
  });

  const signedIn = async (options: { colorScheme?: 'light' | 'dark'; language?: string; width?: number } = {}) => {
    const context = await browser.newContext({
      colorScheme: options.colorScheme ?? 'light',
      viewport: { width: options.width ?? 1366, height: 900 },
    });
    const { language } = options;
    if (language !== undefined)
      await context.addInitScript(`localStorage.setItem('moorage-language', ${JSON.stringify(language)})`);
    const { page, problems } = await openPage(context);
    followCalls(page);
    page.setDefaultTimeout(45_000);
    await signIn(page, bench.target.origin, bench.credentials.username, bench.credentials.password);
    return { context, page, problems };
  };

  it('shows a first push without a reload (flow 7)', async () => {
    const { context, page, problems } = await signedIn();
    await page.goto(`${bench.target.origin}/projects/shelf/repositories`);
    await page
      .getByText(/docker/i)
      .first()
      .waitFor();
    await bench.client.push('shelf/first', images.image(), 'v1');
    await page.getByRole('link', { name: 'first' }).first().waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it('keeps a deep link over the sign-in', async () => {
    await bench.client.push('shelf/linked', images.image(), 'v1');
    const context = await browser.newContext();
    const { page } = await openPage(context);
    await page.goto(`${bench.target.origin}/projects/shelf/r/linked`);
    await page.locator('main').getByRole('link', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname === '/login');
    await page.locator('input[autocomplete="username"]').fill(bench.credentials.username);
    await page.locator('input[autocomplete="current-password"]').fill(bench.credentials.password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/projects/shelf/r/linked');
    await page.getByText('v1', { exact: true }).first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/projects/shelf/r/linked');
    await context.close();
  });

  it('opens every platform of a multi-arch image (flow 13)', async () => {
    const index = images.index();
    await bench.client.push('shelf/multi', index, 'v1');
    const { context, page, problems } = await signedIn();
    await page.goto(`${bench.target.origin}/projects/shelf/r/multi/v1`);
    await page
      .getByText(/linux\/arm64/)
      .first()
      .waitFor();
    await page
      .getByText(/linux\/amd64/)
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it.each(LANGUAGES)('speaks %s on every page (flow 37)', async (language) => {
    const { context, page, problems } = await signedIn({ language });
    for (const path of ['/', '/projects', '/users', '/audit', '/settings', '/me']) {
      await page.goto(bench.target.origin + path);
      await page.getByRole('heading').first().waitFor();
    }
    await expect.poll(() => page.locator('html').getAttribute('lang')).toBe(language);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('scrolls nowhere sideways on a telephone (flow 40)', async () => {
    const { context, page } = await signedIn({ width: 360 });
    for (const path of ['/', '/projects', '/projects/shelf/repositories', '/projects/shelf/r/first']) {
      await page.goto(bench.target.origin + path);
      await page.getByRole('heading').first().waitFor();
      await stillPage(page);
      expect(await page.evaluate<number>(OVERFLOW), path).toBeLessThanOrEqual(0);
    }
    await context.close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility findings where nothing is, in %s', async (colorScheme) => {
    const { context, page } = await signedIn({ colorScheme });
    await page.goto(`${bench.target.origin}/nothing-here`);
    await page.getByRole('heading').first().waitFor();
    expect(await accessibilityFindings(page)).toEqual([]);
    await context.close();
  });
});
