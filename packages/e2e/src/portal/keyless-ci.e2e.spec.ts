import {
  describeWith,
  GITHUB_CLAIMS,
  ImageFactory,
  type JobIssuer,
  RegistryClient,
  startJobIssuer,
} from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { portalText } from './portal-text.ts';
import { type Visit, visit } from './portal-visit.ts';

const t = portalText('en');

// A trust rule made in the portal: the wizard, a token tried before and after saving, the snippet, and a job that pushes.
describeWith(['chromium'], 'keyless CI, set up in the portal', () => {
  let product: Product;
  let issuer: JobIssuer;
  let browser: Browser;
  let window: Visit;
  let token: string;
  const main = () => window.page.locator('main');
  const button = (name: string) => window.page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    product = await startProduct({ env: { MOORAGE_EGRESS_ALLOW: '127.0.0.1' } });
    issuer = await startJobIssuer();
    token = issuer.token(GITHUB_CLAIMS, product.origin);
    for (const name of ['harbour', 'yard']) await product.createProject(name);
    browser = await launchBrowser();
    window = await visit(browser, product.origin);
    await window.signIn(product.credentials);
  });
  afterAll(async () => {
    await browser?.close();
    await issuer?.close();
    await product?.stop();
  });

  const tryToken = async (text: string) => {
    await window.page.getByRole('textbox', { name: t('federation:try.token') }).fill(text);
    await button(t('federation:try.action')).click();
  };
  const writeRule = async (name: string) => {
    const { page } = window;
    await page.getByRole('radio', { name: t('federation:system.github') }).check();
    await page.locator('#rule-name').fill(name);
    await page.locator('#rule-issuer').fill(issuer.url);
    await expect.poll(() => page.locator('#rule-audience').inputValue()).toBe(product.origin);
  };

  it('begins with the CI system, and asks for what only its owner knows', async () => {
    const { page } = window;
    await window.go('/projects/harbour/federation');
    await page
      .getByRole('link', { name: t('federation:create.button') })
      .first()
      .click();
    await writeRule('release');
    await button(t('federation:create.submit')).click();
    await page.getByText(t('federation:form.placeholder', { text: '<owner>' })).waitFor();
    expect(await window.violations()).toEqual([]);
    const values = page.getByRole('textbox', { name: t('federation:form.values') });
    await values.first().fill('acme/another');
  });

  it('says of a token, before the rule is saved, which condition it does not meet', async () => {
    const { page } = window;
    await page.getByText(t('federation:try.before'), { exact: true }).click();
    await tryToken(token);
    await page.getByText(t('federation:try.refused')).waitFor();
    await window.still();
    const failed = await page.locator('li[data-passed="false"]').allInnerTexts();
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain('repository');
    expect(failed[0]).toContain('acme/app');
    expect(await window.violations()).toEqual([]);
    await page
      .getByRole('textbox', { name: t('federation:form.values') })
      .first()
      .fill('acme/app');
    await button(t('federation:try.action')).click();
    await page.getByText(t('federation:try.accepted')).waitFor();
  });

  it('saves it, shows what to paste for every CI system, and the job pushes', async () => {
    const { page } = window;
    await button(t('federation:create.submit')).click();
    await page.waitForURL(/\/projects\/harbour\/federation\/\d+$/);
    for (const [system, part] of [
      ['GitHub Actions', 'id-token: write'],
      ['GitLab CI', 'id_tokens:'],
      ['CircleCI', 'circleci run oidc get'],
      ['Kubernetes', 'serviceAccountToken:'],
      ['Shell', 'docker login'],
    ] as const) {
      await page.getByRole('tab', { name: system, exact: true }).click();
      await expect.poll(() => page.getByRole('tabpanel').innerText()).toContain(part);
      expect(await page.getByRole('tabpanel').innerText()).toContain(product.host);
    }
    const job = new RegistryClient(product.origin, { username: 'job', password: token });
    await job.push('harbour/app', new ImageFactory('keyless').image(), 'v1');
    await expect(job.push('yard/app', new ImageFactory('keyless').image(), 'v1')).rejects.toThrow();
    await page.reload();
    await main().getByText('repo:acme/app:environment:production').waitFor({ timeout: 60_000 });
  });

  it('explains why another token is refused by the saved rules', async () => {
    const { page } = window;
    await window.go('/projects/harbour/federation/try');
    await tryToken(issuer.token({ ...GITHUB_CLAIMS, ref: 'refs/heads/topic' }, product.origin));
    await page.getByText(t('federation:try.refused')).waitFor();
    const failed = page.locator('li[data-passed="false"]');
    await expect.poll(async () => (await failed.allInnerTexts()).join()).toContain('refs/heads/topic');
    await tryToken('not.a.token');
    await page.getByText(t('federation:try.refused')).waitFor();
    expect(await window.violations()).toEqual([]);
  });

  it('trusts the jobs of the whole registry for chosen projects', async () => {
    const { page } = window;
    await window.go('/federation');
    await page
      .getByRole('link', { name: t('federation:create.button') })
      .first()
      .click();
    await writeRule('for-yard');
    await page
      .getByRole('textbox', { name: t('federation:form.values') })
      .first()
      .fill('acme/app');
    await page.getByRole('radio', { name: t('permission:projects.named') }).check();
    await page.getByRole('combobox', { name: t('permission:projects.pick') }).fill('yard');
    await page.getByRole('option', { name: 'yard', exact: true }).click();
    await page.keyboard.press('Escape');
    expect(await window.violations()).toEqual([]);
    await button(t('federation:create.submit')).click();
    await page.waitForURL(/\/federation\/\d+$/);
    await main().getByText('yard', { exact: true }).first().waitFor();
    const job = new RegistryClient(product.origin, {
      username: 'job',
      password: issuer.token({ ...GITHUB_CLAIMS, jti: 'other' }, product.origin),
    });
    await job.push('yard/app', new ImageFactory('keyless').image(), 'v1');
  });

  it('ends the trust with the rule', async () => {
    const { page } = window;
    await button(t('federation:delete.action')).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: t('federation:delete.action') })
      .click();
    await page.waitForURL((url) => url.pathname === '/federation');
    await page.getByText(t('federation:empty')).waitFor();
    const password = issuer.token({ ...GITHUB_CLAIMS, jti: 'third' }, product.origin);
    const job = new RegistryClient(product.origin, { username: 'job', password });
    await expect(job.push('yard/app', new ImageFactory('again').image(), 'v2')).rejects.toThrow();
    expect(window.problems).toEqual([]);
  });
});
