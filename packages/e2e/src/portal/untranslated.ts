import type { Page } from 'playwright-core';
import { allTexts, type Language } from './portal-text.ts';

/** What people read or hear on the page, but not what was written by others: code, logs and names in them. */
const SAID = `(() => {
  const said = new Set();
  const skip = 'code, pre, [role=log], script, style, [data-prose]';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest(skip)) said.add(node.textContent.replace(/\\s+/g, ' ').trim());
  for (const element of document.querySelectorAll('[aria-label], [placeholder]'))
    if (!element.closest(skip))
      for (const name of ['aria-label', 'placeholder']) said.add((element.getAttribute(name) ?? '').trim());
  return [...said].filter(Boolean);
})()`;
/** Three words in a row that English could be made of. */
const SENTENCE = /\b[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}\b/;

/** Finds on a page what should have been said in another language. */
export function untranslatedIn(language: Language): (page: Page) => Promise<string[]> {
  const own = allTexts(language);
  const english = allTexts('en');
  const foreign = new Set(
    [...english.texts].filter((text) => !text.includes('{{') && /[a-z]{3}/.test(text) && !own.texts.has(text)),
  );
  return async (page) => {
    const said = await page.evaluate<string[]>(SAID);
    return said.filter(
      (text) =>
        (text.includes('.') && english.keys.has(text.replace(/^[a-z-]+:/, ''))) ||
        (language !== 'en' && (foreign.has(text) || SENTENCE.test(text))),
    );
  };
}
