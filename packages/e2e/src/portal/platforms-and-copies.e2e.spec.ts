import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';

const KIB = 1024;

// Flows 12, 13 and 14 of the portal page: retag and copy with a full project and an immutable tag in the way; a
// multi-arch image by platform; from the layers to who shares them and to what two tags differ in.
describeWith(['chromium'], 'platforms, layers and copies in a browser', () => {
  const images = new ImageFactory('platforms');
  const shared = images.seededLayer(6 * KIB);
  const amd = images.image({
    layers: [shared, images.seededLayer(9 * KIB)],
    run: { Env: ['ARCH=amd'] },
    platform: { os: 'linux', architecture: 'amd64' },
  });
  const arm = images.image({
    layers: [shared, images.seededLayer(3 * KIB)],
    run: { Env: ['ARCH=arm'] },
    platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
  });
  let product: Product;
  let browser: Browser;
  let window: Visit;
  let client: RegistryClient;

  const must = async (status: number, method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await product.api(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
    return answer.body;
  };

  beforeAll(async () => {
    product = await startProduct();
    for (const project of ['harbour', 'quay', 'jetty']) await product.createProject(project);
    client = new RegistryClient(product.origin, product.credentials);
    await client.push('harbour/multi', images.index([amd, arm]), 'v1');
    await client.push('harbour/web', images.image({ layers: [shared, images.seededLayer(20 * KIB)] }), 'v1');
    await client.push('harbour/web', images.image({ layers: [shared, images.seededLayer(2 * KIB)] }), 'v2');
    await client.push('jetty/web', images.image(), 'v2');
    await must(201, 'POST', '/projects/jetty/immutabletagrules', {
      tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'v*' }],
      scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
    });
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
    await window.signIn(product.credentials);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const dialog = () => window.page.getByRole('dialog');
  const menu = async (row: string, item: string) => {
    await window.page.getByRole('button', { name: `Actions for ${row}`, exact: true }).click();
    await window.page.getByRole('menuitem', { name: item }).click();
  };
  /** The exact number of bytes in a row of a table. */
  const bytesIn = async (row: RegExp) =>
    Number(
      (await window.page.getByRole('row', { name: row }).locator('[title]').last().getAttribute('title'))?.replaceAll(
        /\D/g,
        '',
      ),
    );

  it('shows each platform with its size, switches between them, and pulls one by its digest (flow 13)', async () => {
    const { page } = window;
    await window.go('/projects/harbour/r/multi/v1');
    for (const [name, image] of [
      [/linux\/amd64/, amd],
      [/linux\/arm64/, arm],
    ] as const) {
      const { size } = JSON.parse(
        await must(200, 'GET', `/projects/harbour/repositories/multi/artifacts/${image.root.descriptor.digest}`),
      ) as { size: number };
      await expect.poll(() => bytesIn(name)).toBe(size);
    }
    expect(await window.violations()).toEqual([]);

    await page
      .getByRole('cell', { name: 'linux/arm64' })
      .or(page.getByRole('rowheader', { name: 'linux/arm64' }))
      .getByRole('link')
      .click();
    await page.waitForURL((url) => url.searchParams.get('platform') === arm.root.descriptor.digest);
    await page.getByRole('link', { name: 'Configuration' }).click();
    await page.getByText('ARCH').first().waitFor();
    await page.getByText('arm', { exact: true }).waitFor();
    const platforms = page.getByRole('navigation', { name: 'Platforms' });
    await platforms.getByRole('link', { name: 'linux/amd64' }).click();
    await page.getByText('amd', { exact: true }).waitFor();
    await page.getByText('arm', { exact: true }).waitFor({ state: 'hidden' });
    await page.reload();
    await page.getByText('amd', { exact: true }).waitFor();
    expect(await window.violations()).toEqual([]);

    await page.getByRole('tab', { name: 'crane', exact: true }).click();
    const copy = page.getByRole('button', { name: 'Copy command' }).first();
    const command = await window.copied(() => copy.click());
    const { digest } = amd.root.descriptor;
    expect(command).toContain(`${product.host}/harbour/multi@${digest}`);
    expect((await client.manifest('harbour/multi', digest)).digest).toBe(digest);
    expect(window.problems).toEqual([]);
  });

  it('leads from the layers to who has them too, and to what two tags differ in (flow 14)', async () => {
    const { page } = window;
    await window.go('/projects/harbour/r/web/v1?tab=layers');
    await page.getByText('Shared with').first().waitFor();
    await page.getByRole('link', { name: 'harbour/web:v2', exact: true }).click();
    await page.waitForURL((url) => url.pathname.endsWith('/r/web/v2'));
    await page.goBack();
    await page.waitForURL((url) => url.pathname.endsWith('/r/web/v1') && url.searchParams.get('tab') === 'layers');
    await page.getByRole('link', { name: 'Compare with another' }).click();
    await page.getByRole('textbox', { name: 'After' }).fill('harbour/web:v2');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('b') === 'harbour/web:v2');
    await page.getByText(/^In both: /).waitFor();
    await page.getByRole('button', { name: 'Swap' }).click();
    await page.waitForURL((url) => url.searchParams.get('a') === 'harbour/web:v2');
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('b') === 'harbour/web:v2');
    await page.reload();
    await page.getByText(/^In both: /).waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Before' }).inputValue()).toBe('harbour/web:v1');
    expect(window.problems).toEqual([]);
  });

  it('puts another tag on an artifact, and says when the name is taken (flow 12)', async () => {
    const { page } = window;
    await window.go('/projects/harbour/r/web');
    await menu('v1', 'Add a tag');
    await dialog().getByRole('textbox', { name: 'Tag' }).fill('v2');
    await page.keyboard.press('Enter');
    await dialog().getByText('A tag of this name exists already.').waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog().getByRole('textbox', { name: 'Tag' }).fill('stable');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'stable', exact: true }).waitFor();
    const [tagged, first] = await Promise.all(['stable', 'v1'].map((tag) => client.manifest('harbour/web', tag)));
    expect(tagged?.digest).toBe(first?.digest);
  });

  const copyTo = async (tag: string, project: string) => {
    const { page } = window;
    await window.go('/projects/harbour/r/web');
    await menu(tag, 'Copy to another repository');
    await dialog().getByRole('combobox', { name: 'Project' }).click();
    await page.getByRole('option', { name: project }).click();
    await dialog().getByRole('button', { name: 'Copy', exact: true }).click();
  };

  it('says with numbers why a full project takes no copy, and copies when it has room (flow 12)', async () => {
    const [quota] = JSON.parse(await must(200, 'GET', '/quotas?q=name%3Dquay')) as { id: number }[];
    await must(200, 'PUT', `/quotas/${quota?.id}`, { hard: { storage: 10 * KIB } });
    await copyTo('v1', 'quay');
    await dialog()
      .getByRole('alert')
      .getByText(/of 10\.\d+ KiB/)
      .waitFor();
    expect(await window.violations()).toEqual([]);
    expect(await product.api('GET', '/projects/quay/repositories/web')).toMatchObject({ status: 404 });
    await must(200, 'PUT', `/quotas/${quota?.id}`, { hard: { storage: 1024 * KIB } });
    await dialog().getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect((await client.tags('quay/web')).sort()).toEqual(['stable', 'v1']);
  });

  it('says which rule keeps a tag that the copy would move, and changes nothing (flow 12)', async () => {
    const before = await client.manifest('jetty/web', 'v2');
    await copyTo('v2', 'jetty');
    await dialog()
      .getByRole('alert')
      .getByText(/v2.*immutable|immutable.*v2/i)
      .waitFor();
    expect(await window.violations()).toEqual([]);
    expect((await client.manifest('jetty/web', 'v2')).digest).toBe(before.digest);
    expect(window.problems).toEqual([]);
  });
});
