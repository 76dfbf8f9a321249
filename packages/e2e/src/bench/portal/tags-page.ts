import type { Browser, Page } from 'playwright-core';
import { openPage, signIn } from '../../portal/browser.ts';
import { INP_MUST_MS, LCP_MUST_MS, type PortalRow } from './result.ts';

/** Longer than any interaction takes to its paint, so that the next one is measured alone. */
const CALM_MS = 600;

/** Keeps what the browser measured of the page: paints, and each interaction to the paint after it. */
const OBSERVE = `
  self.measured = { lcp: 0, interactions: [] };
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) self.measured.lcp = entry.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) self.measured.interactions.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });`;

interface Step {
  readonly title: string;
  readonly act: (page: Page) => Promise<void>;
}

const STEPS: readonly Step[] = [
  {
    title: 'order by version',
    act: (page) => page.getByRole('columnheader', { name: 'Tag' }).getByRole('button').click(),
  },
  { title: 'select the page', act: (page) => page.getByRole('checkbox', { name: 'Select all' }).click() },
  {
    title: 'select all that match',
    act: (page) => page.getByRole('button', { name: /^Select all .* match$/ }).click(),
  },
  { title: 'end the selection', act: (page) => page.getByRole('button', { name: 'Clear selection' }).click() },
  { title: 'select a row', act: (page) => page.locator('tbody input[data-select]').nth(3).click() },
  {
    title: 'open the menu of a row',
    act: (page) =>
      page
        .getByRole('button', { name: /^Actions for / })
        .first()
        .click(),
  },
  { title: 'close the menu', act: (page) => page.keyboard.press('Escape') },
  { title: 'next page', act: (page) => page.getByRole('button', { name: 'Next page' }).click() },
  {
    title: 'type into the search',
    act: (page) => page.getByRole('searchbox').pressSequentially('v1.2', { delay: 60 }),
  },
];

/** One visit with nothing cached: when the page stood, and how long each interaction took. */
export async function visitTags(
  browser: Browser,
  origin: string,
  path: string,
  credentials: { readonly username: string; readonly password: string },
): Promise<PortalRow[]> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 820 }, locale: 'en' });
  try {
    const { page } = await openPage(context);
    await page.addInitScript(OBSERVE);
    await signIn(page, origin, credentials.username, credentials.password);
    await page.goto(origin + path);
    await settled(page);
    const rows: PortalRow[] = [
      {
        title: 'largest contentful paint',
        milliseconds: await page.evaluate<number>('measured.lcp'),
        mustMs: LCP_MUST_MS,
      },
    ];
    for (const { title, act } of STEPS) {
      await page.evaluate('measured.interactions = []');
      await act(page);
      await settled(page);
      const slowest = await page.evaluate<number>('Math.max(0, ...measured.interactions)');
      rows.push({ title, milliseconds: slowest, mustMs: INP_MUST_MS });
    }
    return rows;
  } finally {
    await context.close();
  }
}

async function settled(page: Page): Promise<void> {
  await page.locator('table[aria-busy="false"] tbody [data-primary] a').first().waitFor();
  await page.waitForTimeout(CALM_MS);
  await page.locator('table[aria-busy="false"] tbody [data-primary] a').first().waitFor();
}
