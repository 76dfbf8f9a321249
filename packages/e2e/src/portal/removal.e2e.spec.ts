import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { pushManyTags } from './many-tags.ts';
import { type Visit, visit } from './portal-visit.ts';

const MATCHING = 2_500;

// Flows 10, 11, 12 and 14 of the portal page: deletions with their preview, the trash, copies, and what two tags differ in.
describeWith(['chromium'], 'removing, restoring, copying and comparing in a browser', () => {
  const images = new ImageFactory('removal');
  let product: Product;
  let browser: Browser;
  let window: Visit;
  let client: RegistryClient;

  beforeAll(async () => {
    product = await startProduct();
    await product.createProject('harbour');
    await product.createProject('quay');
    client = new RegistryClient(product.origin, product.credentials);
    const names = Array.from({ length: MATCHING }, (_unused, index) => `pr-${index}`);
    await pushManyTags(client, 'harbour/app', images, [...names, 'v1', 'v2']);
    const shared = images.seededLayer(4_000);
    const one = images.image({ layers: [shared, images.seededLayer(2_000)], run: { Env: ['MODE=calm'] } });
    const two = images.image({ layers: [shared, images.seededLayer(3_000)], run: { Env: ['MODE=storm'] } });
    await client.push('harbour/web', one, 'v1', 'stable', 'v1.0');
    await client.push('harbour/web', two, 'v2');
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
    await window.signIn(product.credentials);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const button = (name: string | RegExp) => window.page.getByRole('button', { name });
  const dialog = () => window.page.getByRole('dialog');
  const menu = async (row: string, item: string) => {
    await window.page.getByRole('button', { name: `Actions for ${row}`, exact: true }).click();
    await window.page.getByRole('menuitem', { name: item }).click();
  };

  it('takes one of three tags off and leaves the others (flow 11)', async () => {
    await window.go('/projects/harbour/r/web');
    await menu('v1.0', 'Remove tag');
    await dialog().getByText('The artifact itself stays').waitFor();
    await dialog().getByRole('listitem').filter({ hasText: 'v1.0' }).waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog().getByRole('button', { name: 'Remove 1 tag' }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect((await client.tags('harbour/web')).sort()).toEqual(['stable', 'v1', 'v2']);
  });

  it('brings it back at once when asked (flow 11)', async () => {
    await button('Undo').click();
    await window.page.getByRole('link', { name: 'v1.0', exact: true }).waitFor();
    expect(await client.tags('harbour/web')).toContain('v1.0');
  });

  it('names all tags that go with an artifact (flow 11)', async () => {
    await menu('v1', 'Delete artifact');
    for (const tag of ['v1', 'v1.0', 'stable']) {
      await dialog().getByRole('listitem').filter({ hasText: tag }).first().waitFor();
    }
    await dialog().getByText('3 tags can no longer be pulled.').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  it('shows what two tags differ in, by a link that can be shared (flow 14)', async () => {
    const { page } = window;
    await window.go('/projects/harbour/r/web');
    for (const tag of ['v1', 'v2']) await page.getByRole('checkbox', { name: tag, exact: false }).last().waitFor();
    await page
      .getByRole('row', { name: /^.*\bv2\b/ })
      .getByRole('checkbox')
      .check();
    await page
      .getByRole('row', { name: /stable/ })
      .getByRole('checkbox')
      .check();
    await page.getByRole('link', { name: 'Compare', exact: true }).click();
    await page.waitForURL(/\/projects\/harbour\/compare\?a=.*&b=/);
    await page
      .getByRole('cell', { name: 'MODE' })
      .or(page.getByRole('rowheader', { name: 'MODE' }))
      .first()
      .waitFor();
    await page.getByText(/^In both: /).waitFor();
    expect(await window.violations()).toEqual([]);
    await page.reload();
    await page.getByText('storm').first().waitFor();
  });

  it('copies to another project; a name that cannot be is said so before (flow 12)', async () => {
    const { page } = window;
    await window.go('/projects/harbour/r/web');
    await menu('v2', 'Copy to another repository');
    await dialog().getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog().getByText('It is there already').waitFor();
    await dialog().getByRole('combobox', { name: 'Project' }).click();
    await page.getByRole('option', { name: 'quay' }).click();
    expect(await window.violations()).toEqual([]);
    await dialog().getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await client.tags('quay/web')).toContain('v2');
  });

  it('labels the artifacts of all tags that match, after saying on how many and who shows it too', async () => {
    const { page } = window;
    await product.api('POST', '/labels', { name: 'checked', color: '#0065AB', scope: 'g' });
    await window.go('/projects/harbour/r/app?q=pr-');
    await page.getByRole('status').getByText('2,500 results').waitFor();
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await button('Select all 2,500 that match').click();
    await button('Label').click();
    await dialog().getByText('5 artifacts are labelled. 2 other tags of them show it too.').waitFor();
    await dialog().getByRole('checkbox', { name: 'checked' }).check();
    await dialog().getByText('5 labels are new there.').waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().waitFor({ state: 'hidden' });
    const { body } = await product.api('GET', '/projects/harbour/repositories/app/artifacts/v1?with_label=true');
    expect((JSON.parse(body) as { labels: { name: string }[] }).labels).toMatchObject([{ name: 'checked' }]);
  });

  it('finds repositories by name, and artifacts of all projects by tag, label and digest, at an address of its own', async () => {
    const { page } = window;
    const hits = () => page.getByRole('list', { name: 'Artifacts' }).getByRole('listitem');
    const by = async (what: string) => {
      await page.getByRole('search').getByRole('button', { name: 'Artifacts by' }).first().click();
      await page.getByRole('radio', { name: what }).check();
      await page.keyboard.press('Escape');
    };
    await window.go('/search?q=we');
    await page.getByRole('link', { name: 'harbour/web', exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Search for' }).fill('v1');
    await page.waitForURL(/q=v1/);
    await hits()
      .getByRole('link', { name: /^harbour\/web:v1/ })
      .waitFor();
    await hits().getByRole('link', { name: 'harbour/app:v1', exact: true }).waitFor();

    await by('Label');
    await page.waitForURL(/by=label/);
    await page.getByRole('searchbox', { name: 'Search for' }).fill('checked');
    await hits().nth(4).waitFor();
    await expect.poll(() => hits().count()).toBe(5);
    expect(await window.violations()).toEqual([]);

    const { digest } = await client.manifest('harbour/web', 'v2');
    await window.go(`/search?by=digest&q=${digest.slice(7, 20)}`);
    await hits().getByRole('link', { name: /:v2$/ }).first().waitFor();
    await page.reload();
    await hits().getByRole('link', { name: /:v2$/ }).first().waitFor();
  });

  it('removes all that match a filter in the background, shows how far it is, and tries again what stayed (flow 10)', async () => {
    const { page } = window;
    const rule = await product.api('POST', '/projects/harbour/immutabletagrules', {
      action: 'immutable',
      template: 'immutable_template',
      tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'pr-7' }],
      scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
    });
    expect(rule.status, rule.body).toBe(201);
    await window.go('/projects/harbour/r/app?q=pr-');
    await page.getByRole('status').getByText('2,500 results').waitFor();
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await button('Select all 2,500 that match').click();
    await page.getByRole('status').getByText('All 2,500 that match are selected').waitFor();
    await button('Remove tag').click();
    await dialog().getByRole('button', { name: 'Remove 2,499 tags' }).waitFor();
    await dialog().getByText('and 2,399 more').waitFor();
    await dialog().getByRole('listitem').filter({ hasText: 'an immutability rule keeps its tag' }).waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog().getByRole('button', { name: 'Remove 2,499 tags' }).click();

    await dialog().getByRole('progressbar', { name: 'How far the deletion is' }).waitFor();
    await page.waitForURL(/removal=\d+/);
    await page.reload();
    await dialog().getByText('2,499 removed · 1 stayed').waitFor({ timeout: 90_000 });
    await dialog().getByRole('status').getByText('2,500 of 2,500').waitFor();
    await dialog()
      .getByRole('listitem')
      .filter({ hasText: 'pr-7' })
      .getByText('an immutability rule keeps its tag')
      .waitFor();
    expect(await window.violations()).toEqual([]);
    expect((await client.tags('harbour/app')).sort()).toEqual(['pr-7', 'v1', 'v2']);

    const rules = JSON.parse((await product.api('GET', '/projects/harbour/immutabletagrules')).body) as {
      id: number;
    }[];
    await product.api('DELETE', `/projects/harbour/immutabletagrules/${rules[0]?.id}`);
    await dialog().getByRole('button', { name: 'Try again what stayed' }).click();
    await dialog().getByText('1 removed', { exact: true }).waitFor({ timeout: 60_000 });
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText('No tag matches').waitFor();
    expect((await client.tags('harbour/app')).sort()).toEqual(['v1', 'v2']);

    await window.go('/projects/harbour/trash?view=removals');
    await page.getByRole('row', { name: /1 of 1/ }).waitFor();
    await page
      .getByRole('row', { name: /2,499 of 2,500/ })
      .getByRole('link')
      .click();
    await dialog().getByText('2,499 removed · 1 stayed').waitFor();
    await page.goBack();
    await page.getByRole('row', { name: /2,499 of 2,500/ }).waitFor();
  });

  it('restores ten of them from the trash (flow 10)', async () => {
    const { page } = window;
    await window.go('/projects/harbour/trash?kind=tag');
    await page.locator('tbody tr[data-row]').nth(10).waitFor();
    // Which row is which must not change between the ticks.
    expect(await window.violations()).toEqual([]);
    for (let row = 0; row < 10; row++) await page.locator('tbody input[data-select]').nth(row).check();
    await button('Restore').click();
    await dialog().getByRole('button', { name: 'Restore' }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await client.tags('harbour/app')).toHaveLength(12);
  });

  it('says what is in the way of a restoration, and takes another name', async () => {
    const { page } = window;
    await window.go('/projects/harbour/r/web');
    await menu('v2', 'Remove tag');
    await dialog().getByRole('button', { name: 'Remove 1 tag' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await client.push('harbour/web', images.image(), 'v2');
    await window.go('/projects/harbour/trash?q=v2');
    await page
      .getByRole('button', { name: /^Actions for .*v2/ })
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    await dialog().getByText('The tag v2 is taken').waitFor();
    expect(await window.violations()).toEqual([]);
    await dialog().getByRole('textbox', { name: 'Restore v2 as' }).fill('v2-old');
    await dialog().getByRole('button', { name: 'Restore' }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect((await client.tags('harbour/web')).sort()).toEqual(['stable', 'v1', 'v1.0', 'v2', 'v2-old']);
    expect(window.problems).toEqual([]);
  });
});
