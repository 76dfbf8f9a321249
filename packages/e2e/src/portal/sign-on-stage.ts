import { startTestIdentityProvider, type TestIdentityProvider, type TestPerson } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { type Language, type PortalText, portalText } from './portal-text.ts';
import { type Visit, visit } from './portal-visit.ts';

/** A window on the portal in a language, and what the portal says in it. */
export interface LocalVisit extends Visit {
  readonly t: PortalText;
}

interface Entrance {
  /** What the person chooses to be called, when that is asked. */
  readonly username?: string;
  /** English unless given; null leaves the choice to the test. */
  readonly language?: Language | null;
}

/** The product, a real OpenID Connect provider beside it, and a browser. */
export interface SignOnStage {
  readonly product: Product;
  readonly provider: TestIdentityProvider;
  readonly browser: Browser;
  /** A window of its own in which nobody is signed in. `language` is the portal's; with null it may be changed later. */
  open(language?: Language | null): Promise<LocalVisit>;
  /** A window in which the person signs in through the provider; ends where the portal leads, onboarding included. */
  enter(subject: string, options?: Entrance): Promise<LocalVisit>;
  /** Takes all sign-in sources away. */
  removeSources(): Promise<void>;
  /** A call of the API as administrator; throws unless it answers with that status. */
  must(status: number, method: string, path: string, body?: unknown): Promise<string>;
  stop(): Promise<void>;
}

/** Settings of a source that lead to the provider. */
export function sourceSettings(provider: TestIdentityProvider): Record<string, unknown> {
  return {
    endpoint: provider.issuer,
    client_id: provider.clientId,
    client_secret: provider.clientSecret,
    groups_claim: 'groups',
    logout: true,
  };
}

/** Starts everything; with `source` the provider is one of the product's sign-in sources already. */
export async function startSignOnStage(options: {
  readonly people: Readonly<Record<string, TestPerson>>;
  readonly source: boolean;
}): Promise<SignOnStage> {
  const product = await startProduct({ env: { MOORAGE_EGRESS_ALLOW: '127.0.0.1' } });
  const provider = await startTestIdentityProvider({
    callbacks: [`${product.origin}/c/oidc/callback`],
    people: options.people,
  });
  const browser = await launchBrowser();
  const must: SignOnStage['must'] = async (status, method, path, body) => {
    const answer = await product.api(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
    return answer.body;
  };
  if (options.source) {
    await must(201, 'POST', '/identity-sources', { kind: 'oidc', name: 'Example', oidc: sourceSettings(provider) });
  }
  const open: SignOnStage['open'] = async (language = 'en') => {
    const window = await visit(browser, product.origin);
    const set = `localStorage.setItem('moorage-language', ${JSON.stringify(language)})`;
    if (language !== null) await window.page.context().addInitScript(set);
    return { ...window, t: portalText(language ?? 'en') };
  };
  return {
    product,
    provider,
    browser,
    open,
    must,
    enter: async (subject, { username, language } = {}) => {
      provider.current = subject;
      const window = await open(language);
      const { page, t } = window;
      await page.goto(`${product.origin}/login`);
      await page.getByRole('link', { name: t('session:continueWith', { name: 'Example' }) }).click();
      if (username !== undefined) {
        await page.waitForURL((url) => url.pathname === '/onboard');
        await page.getByLabel(t('session:onboard.username')).fill(username);
        await page.keyboard.press('Enter');
      }
      await page.waitForURL((url) => url.pathname === '/');
      return window;
    },
    removeSources: async () => {
      const sources = JSON.parse(await must(200, 'GET', '/identity-sources')) as { id: number }[];
      for (const { id } of sources) await must(200, 'DELETE', `/identity-sources/${id}`);
    },
    stop: async () => {
      await browser.close();
      await provider.stop();
      await product.stop();
    },
  };
}
