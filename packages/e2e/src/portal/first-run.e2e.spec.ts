import { describeWith, RegistryClient, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignOnStage, startSignOnStage } from './sign-on-stage.ts';

// Flow 44 of the portal page: a new installation, set up with nothing but the portal.
describeWith(['chromium'], 'a new installation, in a browser', () => {
  let stage: SignOnStage;

  beforeAll(async () => {
    stage = await startSignOnStage({
      people: { 'p-new': { preferred_username: 'newcomer', email: 'newcomer@example.com', groups: ['engineers'] } },
      source: false,
    });
  });
  afterAll(() => stage?.stop());

  it('is healthy, gets a provider, a project and its first colleague, and takes the first push (flow 44)', async () => {
    const window = await stage.open();
    const { page } = window;
    await window.signIn(stage.product.credentials);

    await window.go('/settings/auth');
    await page.getByRole('button', { name: 'Add a source' }).first().click();
    await page.getByRole('menuitem', { name: /OpenID Connect/ }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Example');
    await page.getByRole('textbox', { name: 'Issuer', exact: true }).fill(stage.provider.issuer);
    await page.getByRole('textbox', { name: 'Client id', exact: true }).fill(stage.provider.clientId);
    await page.getByRole('textbox', { name: 'Client secret' }).fill(stage.provider.clientSecret);
    await page.getByRole('textbox', { name: 'Groups claim', exact: true }).fill('groups');
    await page.getByRole('button', { name: 'Test these settings' }).click();
    await page.getByText('Everything works.').waitFor();
    await page.getByRole('button', { name: 'Add source' }).click();
    await page.getByText('Example was saved.').waitFor();

    await window.go('/projects?create=true');
    await page.getByRole('dialog').getByLabel('Name').fill('engine');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /create/i })
      .click();
    await page.waitForURL((url) => url.pathname.startsWith('/projects/engine'));
    await window.go('/projects/engine/members');
    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('dialog').getByText('Group', { exact: true }).click();
    await page.getByRole('combobox', { name: 'Group' }).fill('engineers');
    await page.getByRole('option', { name: /engineers/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('row', { name: /engineers/ }).waitFor();

    const colleague = await stage.enter('p-new', { username: 'newcomer' });
    await colleague.go('/projects/engine');
    await colleague.page.getByText('Your role: Developer').waitFor();
    await colleague.go('/me/tokens/new');
    await colleague.page.getByRole('textbox', { name: 'Name', exact: true }).fill('laptop');
    await colleague.page.getByRole('button', { name: 'Make token' }).click();
    const token = (await colleague.page.locator('main pre').nth(1).innerText()).trim();
    const client = new RegistryClient(stage.product.origin, { username: 'newcomer', password: token });
    await client.push('engine/first', new ImageFactory('first').image(), 'v1');
    await window.go('/projects/engine/repositories');
    await page.getByRole('link', { name: 'first' }).first().waitFor();
    expect([...window.problems, ...colleague.problems]).toEqual([]);
  }, 120_000);
});
