import { readFileSync } from 'node:fs';
import { createTempDirectory, describeWith, ImageFactory, type TempDirectory } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerStorage } from '../clients/container-storage.ts';
import { writeLayout } from '../clients/oci-layout.ts';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';
import { paste } from './shell-command.ts';

// Flow 22 of the portal page: a robot for CI → its secret once → snippets that work → last used → never shown again.
describeWith(['chromium', 'skopeo', 'podman', 'root'], 'a robot account for CI, made in the portal', () => {
  let product: Product;
  let browser: Browser;
  let window: Visit;
  let directory: TempDirectory;
  let environment: Record<string, string>;
  let secret: string;

  beforeAll(async () => {
    product = await startProduct();
    directory = createTempDirectory('ci');
    environment = containerStorage(directory.path);
    await product.createProject('harbour');
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
    await window.signIn(product.credentials);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    directory?.remove();
  });

  it('is made by keyboard alone: name, rights, review', async () => {
    const { page } = window;
    await window.go('/projects/harbour/robots');
    await page.getByRole('heading', { name: 'No robot accounts yet' }).waitFor();
    await page.keyboard.press('c');
    await page.getByRole('textbox', { name: 'Name', exact: true }).waitFor();
    await page.keyboard.type('github-actions');
    await page.keyboard.press('Enter');
    const preset = page.getByRole('radio', { name: 'Push and pull' });
    await preset.waitFor();
    await expect.poll(() => preset.isChecked()).toBe(true);
    expect(await window.violations()).toEqual([]);
    await preset.focus();
    await page.keyboard.press('Enter');
    const create = page.getByRole('button', { name: 'Create robot account' });
    await create.waitFor();
    await expect.poll(() => page.locator('main').innerText()).toMatch(/Repository.*: .*push/);
    await create.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'robot$harbour+github-actions is ready' }).waitFor();
  });

  it('shows its secret to copy and to download, and ends only when it was kept', async () => {
    const { page } = window;
    secret = await window.copied(() => page.getByRole('button', { name: 'Copy: Secret' }).click());
    expect(secret.length).toBeGreaterThanOrEqual(16);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const file = JSON.parse(readFileSync((await (await download).path()) ?? '', 'utf8')) as object;
    expect(file).toEqual({ name: 'robot$harbour+github-actions', secret });
    expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
  });

  it.each(['GitHub Actions', 'GitLab CI', 'Kubernetes', 'Jenkins'])('has a snippet for %s', async (name) => {
    const { page } = window;
    await page.getByRole('tab', { name, exact: true }).click();
    const snippet = page.getByRole('tabpanel', { name, exact: true });
    await expect.poll(() => snippet.innerText()).toContain(product.host);
    const text = await snippet.innerText();
    // A CI takes the secret from its own store; only the command that fills a store carries it.
    expect(text.includes(secret)).toBe(name === 'Kubernetes');
    expect(await window.violations()).toEqual([]);
  });

  it('signs in with the pasted snippet and pushes', async () => {
    const { page } = window;
    await page.getByRole('tab', { name: 'Podman', exact: true }).click();
    const command = await window.copied(() => page.getByRole('button', { name: 'Copy command' }).click());
    expect(command).toContain("'robot$harbour+github-actions'");
    expect((await paste(command, { env: environment })).stdout).toContain('Login Succeeded');
    const layout = `${directory.path}/layout`;
    writeLayout(layout, new ImageFactory('ci').image(), 'v1');
    await paste(
      `skopeo --insecure-policy copy --dest-tls-verify=false oci:${layout}:v1 docker://${product.host}/harbour/app:v1`,
      { env: environment },
    );
  });

  it('shows when and from where it was used, and never the secret again', async () => {
    const { page } = window;
    await page.getByLabel('I have stored the secret').check();
    await page.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('row', { name: /github-actions/ });
    await row.getByText('127.0.0.1').waitFor({ timeout: 60_000 });
    await row.getByRole('link').click();
    const heading = page.getByRole('heading', { name: 'robot$harbour+github-actions' });
    await heading.waitFor();
    await window.reload();
    await heading.waitFor();
    expect(await page.content()).not.toContain(secret);
    expect(await page.evaluate<string>('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(secret);
    expect(window.problems).toEqual([]);
  });
});
