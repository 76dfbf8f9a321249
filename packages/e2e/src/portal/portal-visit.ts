import type { Credentials } from '@moorage/testing';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFindings, openPage, signIn } from './browser.ts';

/** A person's window on the portal, and everything that went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly problems: string[];
  /** Goes to an address of the portal and waits until its content stands. */
  go(path: string): Promise<void>;
  /** Goes there as a link within the portal does, without loading it anew, and waits until nothing is on its way. */
  step(path: string): Promise<void>;
  signIn(credentials: Credentials): Promise<void>;
  /** The text that was copied last. */
  clipboard(): Promise<string>;
  /** Violations of WCAG 2.2 A and AA, one line each. */
  violations(): Promise<string[]>;
}

/** Opens a window of its own, with a clipboard and no memory of others. */
export async function visit(browser: Browser, origin: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 820 }, locale: 'en' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  const { page, problems } = await openPage(context);
  // Half of the runner's default: what follows a failed step fails too, and waits as long.
  page.setDefaultTimeout(15_000);
  return {
    page,
    problems,
    async go(path) {
      await page.goto(origin + path);
      await page.locator('main h1, main h2, main [role=alert]').first().waitFor();
    },
    async step(path) {
      await page.evaluate<unknown>(`self.__TSR_ROUTER__.navigate({ href: ${JSON.stringify(path)} })`);
      await page.waitForFunction(`self.__TSR_ROUTER__.state.status === 'idle'`);
      await page.locator('main h1, main h2').first().waitFor();
      await page.locator('main [aria-busy="true"], main output').first().waitFor({ state: 'hidden' });
    },
    signIn: ({ username, password }) => signIn(page, origin, username, password),
    clipboard: () => page.evaluate<string>('navigator.clipboard.readText()'),
    violations: () => accessibilityFindings(page),
  };
}
