import { describeWith, ImageFactory } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bench } from '../target/target.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';

const PLACES = [
  '/projects/frozen/labels',
  '/projects/frozen/labels?create=true',
  '/projects/frozen/policies/immutability',
  '/projects/frozen/policies/immutability/new',
  '/projects/frozen/policies/immutability/999999',
  '/projects/frozen/r/app?view=artifacts',
  '/projects/frozen/r/app/v1.0.0',
  '/settings/labels',
  '/quotas',
  '/jobs',
  '/jobs/queues',
  '/jobs/schedules',
  '/jobs/workers',
  '/jobs/999999',
];

describeWith(['chromium'], 'labels and immutability, in a browser', () => {
  const images = new ImageFactory('frozen');
  let bench: Bench;
  let browser: Browser;

  beforeAll(async () => {
    [bench, browser] = await Promise.all([Bench.start('frozen'), launchBrowser()]);
    for (const tag of ['v1.0.0', 'v1.1.0', 'v1.1.0-rc1', 'main'])
      await bench.client.push('frozen/app', images.image(), tag);
  });
  afterAll(async () => {
    await browser?.close();
    await bench?.close();
  });

  const open = async (language = 'en'): Promise<Visit> => {
    const window = await visit(browser, bench.target.origin);
    await window.page.context().addInitScript(`localStorage.setItem('moorage-language', ${JSON.stringify(language)})`);
    await window.signIn(bench.credentials);
    return window;
  };

  it('makes labels, puts one on an artifact and narrows the list to it', async () => {
    const window = await open();
    const { page } = window;
    await window.go('/settings/labels');
    await page.getByRole('button', { name: 'New label' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill('base image');
    await page.getByRole('dialog').getByRole('button', { name: 'New label' }).click();
    await page.getByRole('row', { name: /base image/ }).waitFor();

    await window.go('/projects/frozen/labels');
    // The same by keyboard alone: `c` opens the form, Enter sends it.
    await page.getByRole('button', { name: 'New label' }).first().waitFor();
    await page.keyboard.press('c');
    await page.getByRole('textbox', { name: 'Name' }).fill('reviewed');
    expect(await window.violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /reviewed/ }).waitFor();
    await page.getByRole('button', { name: 'New label' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill('reviewed');
    await page.keyboard.press('Enter');
    await page.getByText('There is a label with this name already.').waitFor();

    await window.go('/projects/frozen/r/app/v1.0.0');
    await page.getByRole('button', { name: 'Change labels' }).click();
    await page.getByRole('checkbox', { name: /reviewed/ }).check();
    expect(await window.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Save labels' }).click();
    await page.getByText('The label was saved.').or(page.getByText('The labels were saved.')).first().waitFor();

    await window.go('/projects/frozen/r/app?view=artifacts');
    await page.getByRole('button', { name: 'Label', exact: true }).click();
    await page.getByRole('checkbox', { name: 'reviewed' }).check();
    await page.waitForURL((url) => url.searchParams.has('labels'));
    await page
      .getByText(/^1 (result|row|item|match)/)
      .first()
      .waitFor();
    const address = page.url();
    const again = await open();
    await again.page.goto(address);
    await again.page.getByRole('row', { name: /v1\.0\.0/ }).waitFor();
    await again.page.getByRole('row', { name: /v1\.1\.0/ }).waitFor({ state: 'hidden' });
    expect([...window.problems, ...again.problems]).toEqual([]);
    await again.page.context().close();
    await page.context().close();
  });

  it('shows which tags a rule would cover while it is written, and refuses the push over one (flow 25)', async () => {
    const window = await open();
    const { page } = window;
    await window.go('/projects/frozen/policies/immutability/new');
    await page.getByRole('textbox', { name: 'Tags, line 1: pattern' }).fill('v*');
    await page.getByRole('row', { name: /v1\.1\.0-rc1/ }).waitFor();
    await page.getByRole('row', { name: /main/ }).waitFor({ state: 'hidden' });
    const tags = page.getByRole('group', { name: 'Tags' });
    await tags.getByRole('button', { name: 'Add a line' }).click();
    await page.getByRole('textbox', { name: 'Tags, line 2: pattern' }).fill('*-rc*');
    await page.getByRole('row', { name: /v1\.1\.0-rc1/ }).waitFor({ state: 'hidden' });
    await page.getByRole('row', { name: /v1\.0\.0/ }).waitFor();
    // What was written outlives a reload.
    await page.reload();
    await page.getByText('What you wrote before is here again').waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Tags, line 2: pattern' }).inputValue()).toBe('*-rc*');
    await page.getByRole('row', { name: /v1\.0\.0/ }).waitFor();
    expect(await window.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Create rule' }).click();
    await page.waitForURL((url) => url.pathname.endsWith('/policies/immutability'));
    await page.getByRole('row', { name: /v\*.*\*-rc\*/ }).waitFor();

    const pushed = bench.client.push('frozen/app', images.image(), 'v1.0.0');
    await expect(pushed).rejects.toThrow(/403|immutable/i);
    await bench.client.push('frozen/app', images.image(), 'v1.1.0-rc1');

    await window.go('/projects/frozen/r/app/v1.0.0');
    await page.getByText(/Tag v1\.0\.0 is immutable/).waitFor();
    await page.getByRole('link', { name: 'Show the rules' }).click();
    await page.getByRole('link', { name: /^Rule \d+$/ }).click();
    await page.getByRole('row', { name: /v1\.1\.0/ }).waitFor();

    // Off and on again from the list, with a way back.
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: /Rule \d+/ }).click();
    await page.getByRole('menuitem', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Enabled', { exact: true }).waitFor();
    expect(window.problems).toEqual([]);
    await page.context().close();
  });

  it('keeps an artifact under legal hold until an admin releases it', async () => {
    const window = await open();
    const { page } = window;
    await window.go('/projects/frozen/r/app/main');
    await page.getByRole('button', { name: 'Put under legal hold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Put under legal hold' }).click();
    await page.getByText('Say why.').waitFor();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Case 17');
    expect(await window.violations()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Put under legal hold' }).click();
    await page.getByText('Case 17').waitFor();
    const { status } = await sendDelete(bench, 'main');
    expect(status).toBe(412);
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByText('No lock and no legal hold keeps this artifact.').waitFor();
    await page.getByText('Case 17').waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it.each([
    ['light', 'en'],
    ['dark', 'zh-CN'],
    ['light', 'ru'],
  ] as const)('has no accessibility findings in %s and %s', async (colorScheme, language) => {
    const window = await open(language);
    const { page } = window;
    await page.emulateMedia({ colorScheme });
    const findings: string[] = [];
    for (const path of PLACES) {
      await window.go(path);
      findings.push(...(await window.violations()).map((finding) => `${path} ${finding}`));
    }
    expect(findings).toEqual([]);
    expect(window.problems).toEqual([]);
    await page.context().close();
  });
});

async function sendDelete(bench: Bench, reference: string): Promise<{ status: number }> {
  const { username, password } = bench.credentials;
  const response = await fetch(
    `${bench.target.origin}/api/v2.0/projects/frozen/repositories/app/artifacts/${reference}`,
    {
      method: 'DELETE',
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    },
  );
  return { status: response.status };
}
