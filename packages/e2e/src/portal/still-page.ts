import type { Page, Request } from 'playwright-core';

/** How long a page may take to stand: no measure of speed, a machine under load takes many times as long. */
const PATIENCE_MS = 45_000;
/** Pictures in a row in which nothing may have changed. */
const SAME_PICTURES = 3;
/** Looks at a page before it is asked again what it waits for. */
const PICTURES = 600;

/** Calls of a page that are on their way; pages that were not opened here have none that are known. */
const pending = new WeakMap<Page, Set<Request>>();

/**
 * True once the page stands and has looked the same for some pictures: it has its fonts, nothing on it says that it is
 * loading, nothing moves or changes colour, nothing grows. False when that does not come. One evaluation, as the content
 * policy forbids what polls from within the page.
 */
const STANDS = `new Promise((resolve) => {
  let shape = '';
  let same = 0;
  let left = ${PICTURES};
  const look = () => {
    const router = self.__TSR_ROUTER__;
    const busy = [...document.querySelectorAll('[aria-busy="true"], main output')].some((element) => element.checkVisibility());
    const moves = document.getAnimations().some((animation) =>
      animation.playState === 'running' && Number.isFinite(Number(animation.effect?.getComputedTiming().endTime)));
    const { scrollWidth, scrollHeight, clientWidth } = document.documentElement;
    const now = [location.href, scrollWidth, scrollHeight, clientWidth, document.getElementsByTagName('*').length].join();
    const stands = (router === undefined || router.state.status === 'idle') && document.fonts.status === 'loaded' && !busy && !moves;
    same = stands && now === shape ? same + 1 : 0;
    shape = now;
    left -= 1;
    if (same >= ${SAME_PICTURES} || left <= 0) resolve(same >= ${SAME_PICTURES});
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Follows the calls of a page from now on. The stream of events never ends and does not count. */
export function followCalls(page: Page): void {
  const calls = new Set<Request>();
  pending.set(page, calls);
  page.on('request', (request) => {
    // What an earlier document asked for is nobody's any more.
    if (request.isNavigationRequest()) calls.clear();
    const isStream = request.headers().accept === 'text/event-stream';
    if (!isStream && ['fetch', 'xhr', 'script', 'stylesheet', 'font'].includes(request.resourceType()))
      calls.add(request);
  });
  page.on('requestfinished', (request) => calls.delete(request));
  page.on('requestfailed', (request) => calls.delete(request));
}

/**
 * Waits until the page stands: what it asked for has come, and it draws the same picture again and again. Before anything
 * is read from a page without waiting for it (counts, measures, texts that must not be there, accessibility).
 */
export async function stillPage(page: Page): Promise<void> {
  const calls = pending.get(page);
  const until = Date.now() + PATIENCE_MS;
  do {
    // A page that leads elsewhere meanwhile is looked at where it led to.
    const stands = await page.evaluate<boolean>(STANDS).catch((error: unknown) => {
      if (/context was destroyed|navigation/i.test(String(error))) return false;
      throw error;
    });
    if (stands && (calls === undefined || calls.size === 0)) return;
  } while (Date.now() < until);
  throw new Error(
    `the page never stands still, it waits for ${[...(calls ?? [])].map((call) => call.url()).join(', ')}`,
  );
}
