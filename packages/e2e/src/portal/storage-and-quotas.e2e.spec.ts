import { type Artifact, describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Language, LANGUAGES, type PortalText, portalText } from './portal-text.ts';
import { type Visit, visit } from './portal-visit.ts';

const PASSWORD = 'Wharf-Lantern-77';
const KIB = 1024;
const MIB = 1024 * KIB;

interface Collection {
  readonly id: number;
  readonly job_status: string;
  readonly job_parameters: string;
}

// Flows 29 and 30 of the portal page, in every language.
describeWith(['chromium'], 'storage and quotas, in a browser', () => {
  const images = new ImageFactory('storage');
  let product: Product;
  let browser: Browser;
  let client: RegistryClient;

  beforeAll(async () => {
    product = await startProduct();
    browser = await launchBrowser();
    client = new RegistryClient(product.origin, product.credentials);
    // None by itself.
    await must(200, 'PUT', '/system/gc/schedule', { schedule: { type: 'None', cron: '' } });
    // What is given up is collectable at once, as soon as the worker has heard of it.
    await must(200, 'PUT', '/configurations', { gc_grace_seconds: 0 });
    const probe = await unneeded('probe');
    await vi.waitFor(async () => expect(freedBy(await collect(true))).toBe(probe), {
      timeout: 60_000,
      interval: 1_000,
    });
    await collect(false);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const must = async (status: number, method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await product.api(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
    return answer.body;
  };
  const image = (size: number) => images.image({ layers: [images.seededLayer(size)] });
  const newest = async () => {
    const [run] = JSON.parse(await must(200, 'GET', '/system/gc?page_size=1')) as Collection[];
    if (run === undefined) throw new Error('there is no collection');
    return run;
  };
  const ended = (id: number): Promise<Collection> =>
    vi.waitFor(
      async () => {
        const run = JSON.parse(await must(200, 'GET', `/system/gc/${id}`)) as Collection;
        expect(run.job_status).toMatch(/^(Success|Stopped|Error)$/);
        return run;
      },
      { timeout: 60_000, interval: 300 },
    );
  const collect = async (dryRun: boolean): Promise<Collection> => {
    await must(201, 'POST', '/system/gc/schedule', { schedule: { type: 'Manual' }, parameters: { dry_run: dryRun } });
    return ended((await newest()).id);
  };

  /** A project with an image that stays, one in the trash, and one that nothing needs any more: of so many bytes. */
  async function unneeded(project: string, kept?: Artifact): Promise<number> {
    await product.createProject(project);
    if (kept) await client.push(`${project}/app`, kept, 'stays');
    await client.push(`${project}/app`, image(3 * KIB), 'in-trash');
    await must(200, 'DELETE', `/projects/${project}/repositories/app/artifacts/in-trash`);
    return giveUp(project);
  }

  async function giveUp(project: string): Promise<number> {
    const gone = image(7 * KIB);
    await client.push(`${project}/app`, gone, 'gone');
    await must(200, 'PUT', `/projects/${project}`, { metadata: { trash_days: '0' } });
    await must(200, 'DELETE', `/projects/${project}/repositories/app/artifacts/gone`);
    return gone.blobs.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  }

  const open = async (language: Language, username?: string): Promise<Visit & { t: PortalText }> => {
    const window = await visit(browser, product.origin);
    await window.page.context().addInitScript(`localStorage.setItem('moorage-language', '${language}')`);
    await window.signIn(username === undefined ? product.credentials : { username, password: PASSWORD });
    return { ...window, t: portalText(language) };
  };

  describe.each(LANGUAGES)('in %s', (language) => {
    const own = language.toLowerCase();

    it('warns on the home page, refuses what does not fit, and takes it when the limit is raised (flow 29)', async () => {
      const project = `bay-${own}`;
      const keeper = `keeper-${own}`;
      await product.createProject(project);
      await must(201, 'POST', '/users', {
        username: keeper,
        password: PASSWORD,
        email: `${keeper}@example.com`,
        realname: keeper,
      });
      await must(201, 'POST', `/projects/${project}/members`, { role_id: 2, member_user: { username: keeper } });
      const [quota] = JSON.parse(await must(200, 'GET', `/quotas?q=name%3D${project}`)) as { id: number }[];
      await must(200, 'PUT', `/quotas/${quota?.id}`, { hard: { storage: MIB } });
      await client.push(`${project}/app`, image(870 * KIB), 'v1');

      const member = await open(language, keeper);
      const { t } = member;
      await member.page.getByRole('heading', { name: t('home:quotas.title') }).waitFor();
      await member.page.getByText(t('home:quotas.near'), { exact: false }).waitFor();
      expect(await member.violations()).toEqual([]);
      await member.page.locator('main').getByRole('link', { name: project, exact: true }).click();
      await member.page.getByText(t('quota:state.warning'), { exact: true }).waitFor();
      await member.page.getByText(t('quota:kept.reason.manifest.name'), { exact: true }).waitFor();
      expect(await member.violations()).toEqual([]);

      const big = image(400 * KIB);
      const refused = client.push(`${project}/app`, big, 'v2');
      await expect(refused).rejects.toThrow(/403.*\b87\d KiB of 1\.00 MiB are used/);

      const admin = await open(language);
      const { page } = admin;
      await admin.go(`/quotas?q=${project}`);
      await page.getByRole('button', { name: t('ui:table.rowActions', { name: project }) }).click();
      await page.getByRole('menuitem', { name: t('quota:edit.action') }).click();
      const dialog = page.getByRole('dialog');
      await dialog
        .getByRole('textbox', { name: t('shared:storageLimit.amount') })
        .first()
        .fill('5');
      expect(await admin.violations()).toEqual([]);
      await dialog.getByRole('button', { name: t('quota:edit.submit') }).click();
      await page.getByText(t('quota:edit.done', { name: project })).waitFor();
      await client.push(`${project}/app`, big, 'v2');
      await client.verify(`${project}/app`, big, 'v2');

      await member.go('/');
      await member.page.getByRole('heading', { name: t('home:projects.title'), exact: true }).waitFor();
      await member.page.getByRole('heading', { name: t('home:quotas.title') }).waitFor({ state: 'hidden' });
      expect([...member.problems, ...admin.problems]).toEqual([]);
      await member.page.context().close();
      await page.context().close();
    });

    it('reports in a dry run what a collection then frees, and stops when it is told to (flow 30)', async () => {
      const project = `quarry-${own}`;
      const kept = image(5 * KIB);
      // What earlier tests left over is not this one's.
      await collect(false);
      const bytes = await unneeded(project, kept);
      const window = await open(language);
      const { page, t } = window;
      await window.go(`/projects/${project}/storage`);
      for (const reason of ['manifest', 'trash', 'unneeded'])
        await page.getByText(t(`quota:kept.reason.${reason}.name`), { exact: true }).waitFor();
      await page.getByRole('link', { name: t('quota:kept.all') }).click();
      await page.getByText(t('quota:kept.reason.unneeded.goes')).first().waitFor();
      expect(await window.violations()).toEqual([]);

      await window.go('/storage');
      await page.getByRole('button', { name: t('storage:collect.dry') }).click();
      const dry = await ended(await collectionOf(window));
      expect(freedBy(dry)).toBe(bytes);
      await page.getByText(t('job:state.Success'), { exact: true }).waitFor();
      await expect.poll(() => shownBytes(page, t('storage:result.wouldFree'))).toBe(bytes);

      await window.go('/storage');
      await page.getByRole('button', { name: t('storage:collect.now') }).click();
      await page.getByRole('dialog').getByText(t('storage:collect.goes')).waitFor();
      expect(await window.violations()).toEqual([]);
      await page
        .getByRole('dialog')
        .getByRole('button', { name: t('storage:collect.now') })
        .click();
      const real = await ended(await collectionOf(window));
      expect(freedBy(real)).toBe(bytes);
      await page.getByText(t('job:state.Success'), { exact: true }).waitFor();
      await expect.poll(() => shownBytes(page, t('storage:column.freed'))).toBe(bytes);
      await page
        .getByRole('log')
        .filter({ hasText: /removed 2 blobs/ })
        .waitFor();
      expect(await window.violations()).toEqual([]);

      // A run that is stopped leaves everything whole, and the next one brings it to its end.
      const more = await giveUp(project);
      await must(200, 'PUT', '/jobservice/queues/GARBAGE_COLLECTION', { action: 'pause' });
      await window.go('/storage');
      await page.getByRole('button', { name: t('storage:collect.now') }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: t('storage:collect.now') })
        .click();
      const stopped = await collectionOf(window);
      await page.getByRole('button', { name: t('storage:stop.action'), exact: true }).click();
      expect((await ended(stopped)).job_status).toBe('Stopped');
      await page.getByText(t('job:state.Stopped'), { exact: true }).waitFor();
      await must(200, 'PUT', '/jobservice/queues/GARBAGE_COLLECTION', { action: 'resume' });
      expect(freedBy(await collect(false))).toBe(more);
      expect(freedBy(await collect(true))).toBe(0);
      await client.verify(`${project}/app`, kept, 'stays');
      const trash = JSON.parse(await must(200, 'GET', `/projects/${project}/trash`)) as { id: number }[];
      await must(200, 'POST', `/projects/${project}/trash/${trash[0]?.id}/restoration`, {});
      expect(window.problems).toEqual([]);
      await page.context().close();
    });
  });

  it('looks at the storage on demand, tells how that goes, and lists what is wrong', async () => {
    const window = await open('en');
    const { page, t } = window;
    await window.go('/storage/checks');
    await page.getByRole('button', { name: t('storage-check:scan.start') }).click();
    await page.getByRole('button', { name: t('storage-check:scrub.start') }).click();
    await expect.poll(() => page.getByText(t('job:state.Success'), { exact: true }).count()).toBe(2);
    await page.getByText(t('storage-check:scrub.allWhole')).waitFor();
    await page.getByText(t('storage-check:findings.none')).waitFor();
    expect(await window.violations()).toEqual([]);
    expect(window.problems).toEqual([]);
    await page.context().close();
  });
});

function freedBy(run: Collection): number {
  return (JSON.parse(run.job_parameters) as { freed_space?: number }).freed_space ?? 0;
}

/** The number of the collection whose page is shown. */
async function collectionOf({ page, t }: Visit & { t: PortalText }): Promise<number> {
  await page.waitForURL((url) => /^\/storage\/\d+$/.test(url.pathname));
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  await page.getByRole('heading', { name: t('storage:collection', { id }) }).waitFor();
  return id;
}

/** The exact number behind a size that stands under a name. */
async function shownBytes(page: Page, label: string): Promise<number> {
  const figure = page.getByRole('status').locator('div').filter({ hasText: label }).locator('dd [title]').first();
  return Number((await figure.getAttribute('title'))?.replaceAll(/\D/g, ''));
}
