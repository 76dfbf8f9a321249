import type { Page } from 'playwright-core';

const MAX_STEPS = 80;

/** Presses Tab until the element that holds the focus matches; throws after a bounded number of steps. */
export function tabTo(page: Page, selector: string): Promise<void> {
  return tabUntil(page, `document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`);
}

/** The same for the element that says just this. */
export function tabToText(page: Page, text: string): Promise<void> {
  return tabUntil(page, `document.activeElement?.textContent?.trim() === ${JSON.stringify(text)}`);
}

async function tabUntil(page: Page, condition: string): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>(condition)) return;
  }
  throw new Error(`the focus never comes to where ${condition}`);
}

/** Waits until there is such an element, goes to it with Tab, and presses Enter there. */
export async function enterOn(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor();
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

/** Counts what a mouse or a finger does on the pages of this window. */
export async function countPointers(page: Page): Promise<() => Promise<number>> {
  let count = 0;
  await page.context().exposeFunction('pointerWasUsed', () => {
    count += 1;
  });
  await page.context().addInitScript(`addEventListener('pointerdown', () => pointerWasUsed(), true)`);
  return async () => count;
}
