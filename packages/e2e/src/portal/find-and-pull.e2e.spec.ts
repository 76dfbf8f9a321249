import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDirectory, describeWith, RegistryClient, type TempDirectory } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerStorage } from '../clients/container-storage.ts';
import { type DockerDaemon, startDockerDaemon } from '../clients/docker-daemon.ts';
import { runnableImage } from '../clients/runnable-image.ts';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';
import { paste } from './shell-command.ts';

// Flow 8 of the portal page: find an image by name, tag and digest, copy its pull command for four clients, run each.
describeWith(
  ['chromium', 'skopeo', 'crane', 'podman', 'docker', 'dockerd', 'busybox', 'root'],
  'finding an image and pulling it with copied commands',
  () => {
    let product: Product;
    let browser: Browser;
    let window: Visit;
    let directory: TempDirectory;
    let daemon: DockerDaemon;
    let digest: string;

    beforeAll(async () => {
      product = await startProduct();
      directory = createTempDirectory('find');
      daemon = await startDockerDaemon(directory.path);
      const made = await product.api('POST', '/projects', { project_name: 'harbour', metadata: { public: 'true' } });
      expect(made.status).toBe(201);
      const client = new RegistryClient(product.origin, product.credentials);
      digest = await client.push('harbour/tools/greeter', runnableImage('ahoy', 'docker'), 'v1.2.3');
      browser = await launchBrowser();
      window = await visit(browser, product.origin);
      await window.signIn(product.credentials);
    });
    afterAll(async () => {
      await browser?.close();
      await daemon?.stop();
      await product?.stop();
      directory?.remove();
    });

    /** Opens the palette, types, and takes the first suggestion, all by keyboard. */
    const find = async (text: string, suggestion: RegExp) => {
      const { page } = window;
      await page.keyboard.press('Control+k');
      // It takes the letters once it has the focus.
      await page.locator('[role="combobox"]:focus').waitFor();
      await page.keyboard.type(text);
      await page.getByRole('option', { name: suggestion, selected: true }).waitFor();
      await page.keyboard.press('Enter');
    };

    it('by part of its name', async () => {
      await window.go('/');
      await find('greet', /harbour\/tools\/greeter/);
      await window.page.waitForURL('**/projects/harbour/r/tools%2Fgreeter');
      await window.page.getByRole('link', { name: 'v1.2.3', exact: true }).waitFor();
    });

    it('by its tag, in the project one stands in', async () => {
      await find('v1.2', /harbour\/tools\/greeter:v1\.2\.3/);
      await window.page.waitForURL('**/projects/harbour/r/tools%2Fgreeter/v1.2.3');
    });

    it('by the beginning of its digest', async () => {
      await window.go('/projects/harbour');
      await find(digest.slice('sha256:'.length, 'sha256:'.length + 9), /greeter/);
      await window.page.getByRole('heading', { name: 'tools/greeter:v1.2.3', level: 1 }).waitFor();
    });

    it.each([
      ['Docker', () => ({ DOCKER_HOST: `unix://${join(directory.path, 'docker.sock')}` })],
      ['Podman', () => containerStorage(directory.path)],
      ['Skopeo', () => ({})],
      ['crane', () => ({})],
    ] as const)('the copied %s command works when pasted', async (client, environment) => {
      const { page } = window;
      await page.getByRole('tab', { name: client, exact: true }).click();
      const copy = page.getByRole('button', { name: 'Copy command' }).first();
      const command = await window.copied(() => copy.click());
      expect(command).toContain(`${product.host}/harbour/tools/greeter:v1.2.3`);
      const cwd = join(directory.path, client);
      mkdirSync(cwd);
      await paste(command, { cwd, env: environment() });
      expect(window.problems).toEqual([]);
    });
  },
);
