import type { Credentials } from '@moorage/testing';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFindings, openPage, signIn } from './browser.ts';
import { followCalls, stillPage } from './still-page.ts';

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** The text of the clipboard once there is one; empty when none comes. */
const COPIED = `(async () => {
  for (let look = 0; look < 300; look++) {
    const text = await navigator.clipboard.readText();
    if (text !== '') return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return '';
})()`;

/** A person's window on the portal, and everything that went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly problems: string[];
  /** Goes to an address of the portal and waits until its content stands. */
  go(path: string): Promise<void>;
  /** Goes there as a link within the portal does, without loading it anew, and waits until nothing is on its way. */
  step(path: string): Promise<void>;
  signIn(credentials: Credentials): Promise<void>;
  /** Waits until the page stands still, see {@link stillPage}. */
  still(): Promise<void>;
  /** Loads the page anew and waits until its content stands. */
  reload(): Promise<void>;
  /** The text that comes into the clipboard when something is done, such as a click on a button. */
  copied(act: () => Promise<void>): Promise<string>;
  /** How far the page reaches beyond the window, in pixels, once it stands. */
  overflow(): Promise<number>;
  /** Violations of WCAG 2.2 A and AA, one line each. */
  violations(): Promise<string[]>;
}

/** Opens a window of its own, with a clipboard and no memory of others. */
export async function visit(browser: Browser, origin: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 820 }, locale: 'en' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  const { page, problems } = await openPage(context);
  followCalls(page);
  // No measure of speed. Less than a test may take: the step that failed is told, not the test that took too long.
  page.setDefaultTimeout(45_000);
  const contentStands = async () => {
    await page.locator('main h1, main h2, main [role=alert]').first().waitFor();
    await stillPage(page);
  };
  return {
    page,
    problems,
    async go(path) {
      await page.goto(origin + path);
      await contentStands();
    },
    async step(path) {
      await page.evaluate<unknown>(`self.__TSR_ROUTER__.navigate({ href: ${JSON.stringify(path)} })`);
      await page.waitForFunction(`self.__TSR_ROUTER__.state.status === 'idle'`);
      await page.locator('main h1, main h2').first().waitFor();
      await stillPage(page);
    },
    signIn: ({ username, password }) => signIn(page, origin, username, password),
    still: () => stillPage(page),
    async reload() {
      await page.reload();
      await contentStands();
    },
    async copied(act) {
      await page.evaluate<unknown>(`navigator.clipboard.writeText('')`);
      await act();
      // The event after the click, not the click, writes it.
      return page.evaluate<string>(COPIED);
    },
    async overflow() {
      await stillPage(page);
      return page.evaluate<number>(OVERFLOW);
    },
    violations: () => accessibilityFindings(page),
  };
}
