import { connect, createServer, type Server, type Socket } from 'node:net';
import { describeWith, freePort, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Visit, visit } from './portal-visit.ts';

/** A wire between browser and server that can be cut. */
class Wire {
  readonly #port: number;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(port: number, target: number) {
    this.#port = port;
    this.#target = target;
  }

  join(): Promise<void> {
    this.#server = createServer((near) => {
      const far = connect(this.#target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          near.destroy();
          far.destroy();
          this.#sockets.delete(socket);
        });
      }
      near.pipe(far).pipe(near);
    });
    return new Promise((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
  }

  cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server?.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    return closed;
  }
}

// Flow 39 of the portal page: the stream breaks → the chip says so → it goes on with nothing lost or told twice.
describeWith(['chromium'], 'live updates over a broken line', () => {
  const images = new ImageFactory('live');
  let product: Product;
  let browser: Browser;
  let window: Visit;
  let wire: Wire;
  let port: number;
  let externalUrl: string;
  let client: RegistryClient;
  /** Past the wire. The client keeps the token it got over it, which names the outer address. */
  const push = (tag: string) => client.push('harbour/web', images.image(), tag);
  const chip = (text: string | RegExp) => window.page.locator('header').getByText(text, { exact: true });

  /** Rows of the table and those it offers to show: a reload in between may have shown what was offered before. */
  const tagsTold = async () => {
    const bar = await window.page.getByRole('button', { name: / new — show$/ }).allInnerTexts();
    return (await window.page.locator('tbody tr').count()) + Number.parseInt(bar[0] ?? '0', 10);
  };

  beforeAll(async () => {
    port = await freePort();
    const outer = await freePort();
    externalUrl = `http://127.0.0.1:${outer}`;
    product = await startProduct({ port, externalUrl });
    await product.createProject('harbour');
    wire = new Wire(outer, port);
    await wire.join();
    client = new RegistryClient(product.origin, product.credentials);
    await push('v0');
    browser = await launchBrowser();
    window = await visit(browser, externalUrl);
    await window.signIn(product.credentials);
    await window.go('/projects/harbour/r/web');
    await window.page.getByRole('link', { name: 'v0', exact: true }).waitFor();
    await chip('Live').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await wire?.cut();
    await product?.stop();
  });

  it('says that it lost the line, and that it is trying', async () => {
    await wire.cut();
    await chip(/Reconnecting|Refreshing/).waitFor();
  });

  it('tells each missed event once when the line is back', async () => {
    await push('v1');
    await push('v2');
    await wire.join();
    await chip('Live').waitFor();
    await expect.poll(tagsTold).toBe(3);
    await push('v3');
    await expect.poll(tagsTold).toBe(4);
  });

  it('goes on after a restart of the server, without doubling what it told', async () => {
    const { dataDirectory, credentials } = product;
    await product.server.stop();
    await chip(/Reconnecting|Refreshing/).waitFor();
    product = await startProduct({ dataDirectory, credentials, port, externalUrl });
    await chip('Live').waitFor({ timeout: 60_000 });
    await push('v4');
    await expect.poll(tagsTold).toBe(5);
    await window.still();
    expect(await tagsTold()).toBe(5);
    // The offer is gone when a reload of the list has shown it.
    const offer = window.page.getByRole('button', { name: / new — show$/ });
    await expect
      .poll(async () => {
        for (const bar of await offer.all()) await bar.click({ timeout: 1_000 }).catch(() => undefined);
        return offer.count();
      })
      .toBe(0);
    for (const tag of ['v1', 'v2', 'v3', 'v4']) {
      await window.page.getByRole('link', { name: tag, exact: true }).waitFor();
    }
    expect(window.problems.filter((problem) => !problem.includes('ERR_'))).toEqual([]);
  });
});
