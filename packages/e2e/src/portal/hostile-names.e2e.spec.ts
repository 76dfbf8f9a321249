import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Product, startProduct } from '../target/product.ts';
import { launchBrowser } from './browser.ts';
import { visit, type Visit } from './portal-visit.ts';

const PASSWORD = 'Wharf-Lantern-77';
/** Where what was smuggled in would leave its mark. */
const TRAP = 'self.trapped = []; self.trap = (mark) => { self.trapped.push(String(mark)); };';
const WINDOW = 1366;
const NARROW = 360;

/** Without the letters no name may have, so that they come in wherever names are taken. */
const NAMES: readonly string[] = [
  '<img src=x onerror=trap(1)>',
  '<script>trap(2)</script>',
  '<svg onload=trap(3)>',
  '</title></textarea></style><img src=x onerror=trap(4)>',
  "'><b onmouseover=trap(5)>over</b>",
  '{{constructor.constructor(`trap(6)`)()}}',
  'javascript:trap(7)',
  '<a href=javascript:trap(8)>click</a>',
  '<math><mtext><img src=x onerror=trap(9)></mtext></math>',
  '&lt;img src=x onerror=trap(10)&gt;',
  '\u202Egnp.nimda\u2066',
  'ad\u200Bm\u2060i\uFEFFn',
  'مدير'.repeat(40),
  'W'.repeat(240),
  'Z\u0301\u0302\u0303\u0304\u0305\u0306'.repeat(35),
];
/** What may stand where free text is taken, and where Markdown is read. */
const TEXTS = [
  ...NAMES,
  '"><img src=x onerror="trap(20)">',
  '[link](javascript:trap(21)) ![image](x"onerror="trap(22))',
  '[data](data:text/html;base64,PHNjcmlwdD50cmFwKDIzKTwvc2NyaXB0Pg==)',
  '<iframe srcdoc="<script>parent.trap(24)</script>"></iframe>',
  '`${trap(25)}` ${trap(26)} #{trap(27)}',
  '<form action=javascript:trap(28)><button>go</button></form><style>*{display:none}</style>',
];

/** What is on the page though nobody of us put it there. */
const SMUGGLED = `[...document.querySelectorAll('*')].filter((element) =>
  [...element.attributes].some(({ name, value }) =>
    /^on/i.test(name) || (/^(href|src|action|srcdoc|xlink:href)$/i.test(name) && /^\\s*(javascript|data:text)/i.test(value))) ||
  element.matches('img[src="x"], iframe[srcdoc], math, form[action]')).map((element) => element.outerHTML.slice(0, 120))`;

describeWith(['chromium'], 'names and texts of strangers, in a browser', () => {
  let product: Product;
  let browser: Browser;
  const ids: Record<string, number> = {};

  const must = async (status: number, method: string, path: string, body?: unknown) => {
    const answer = await product.api(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
    return answer.body;
  };
  const firstId = async (path: string) => {
    const [first] = JSON.parse(await must(200, 'GET', path)) as { id?: number; user_id?: number }[];
    return first?.id ?? first?.user_id ?? 0;
  };

  beforeAll(async () => {
    product = await startProduct({ env: { MOORAGE_EGRESS_ALLOW: '127.0.0.1' } });
    browser = await launchBrowser();
    await product.createProject('harbour');
    for (const [index, name] of NAMES.entries()) {
      const account = { username: name, password: PASSWORD, email: `n${index}@example.com`, realname: name };
      await must(201, 'POST', '/users', { ...account, comment: name.slice(0, 30) });
      await must(201, 'POST', '/usergroups', { group_name: name, group_type: 4 });
      await must(201, 'POST', '/projects/harbour/members', { role_id: 3, member_user: { username: name } });
    }
    const { project_id: project } = JSON.parse(await must(200, 'GET', '/projects/harbour')) as { project_id: number };
    const pull = { kind: 'project', namespace: 'harbour', access: [{ resource: 'repository', action: 'pull' }] };
    for (const [index, text] of TEXTS.entries()) {
      const robot = { name: `ci-${index}`, level: 'project', duration: 3, description: text, permissions: [pull] };
      ids.robot = (JSON.parse(await must(201, 'POST', '/robots', robot)) as { id: number }).id;
      await must(201, 'POST', '/users/current/tokens', { name: `${index} ${text}`.slice(0, 255), description: text });
      const label = { name: `${index} ${text}`.slice(0, 120), description: text, color: '#0065ab' };
      await must(201, 'POST', '/labels', { ...label, scope: 'p', project_id: project });
      await must(201, 'POST', '/labels', { ...label, scope: 'g' });
      const rule = {
        name: `rule-${index}`,
        description: text,
        issuer: 'https://ci.example.com',
        conditions: [{ claim: 'repository', match: 'equals', values: [text] }],
        permissions: [pull],
      };
      await must(201, 'POST', '/projects/harbour/federation/rules', rule);
    }
    for (const [index, name] of NAMES.entries()) {
      const source = { kind: 'ldap', name: `${index} ${name}`.slice(0, 60), enabled: index === 0 };
      const ldap = { url: 'ldap://127.0.0.1:9', base_dn: 'dc=example', uid: 'uid' };
      await must(201, 'POST', '/identity-sources', { ...source, ldap });
    }
    const admin = new RegistryClient(product.origin, product.credentials);
    await admin.push('harbour/app', new ImageFactory('hostile').image(), 'v1');
    await must(200, 'PUT', '/projects/harbour/repositories/app', { description: TEXTS.join('\n\n') });
    ids.user = await firstId(`/users?q=${encodeURIComponent('email=n0@example.com')}`);
    ids.group = await firstId('/usergroups');
    ids.rule = await firstId('/projects/harbour/federation/rules');
    ids.source = await firstId('/identity-sources');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const open = async (): Promise<Visit> => {
    const window = await visit(browser, product.origin);
    await window.page.context().addInitScript(TRAP);
    window.page.on('dialog', (dialog) => {
      window.problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return window;
  };

  it('control: the trap is sprung by a page that takes names as markup', async () => {
    const { page } = await open();
    await page.goto('about:blank');
    await page.evaluate<unknown>(`document.body.innerHTML = ${JSON.stringify(NAMES[0])}`);
    await page.waitForFunction('self.trapped.length > 0');
    expect(await page.evaluate<unknown[]>(SMUGGLED)).toHaveLength(1);
    await page.context().close();
  });

  it('S42 run nothing, are shown as they were written, and hold the layout, on wide and narrow windows', async () => {
    const window = await open();
    const { page, problems } = window;
    await page.goto(`${product.origin}/login`);
    await page.locator('input[autocomplete="username"]').fill(product.credentials.username);
    await page.locator('input[autocomplete="current-password"]').fill(product.credentials.password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== '/login');
    const found: string[] = [];
    const look = async (path: string) => {
      for (const width of [WINDOW, NARROW]) {
        await page.setViewportSize({ width, height: 820 });
        const beyond = await window.overflow();
        if (beyond > 0) found.push(`${path} at ${width}: ${beyond} pixels too wide`);
      }
      const smuggled = await page.evaluate<string[]>(SMUGGLED);
      const trapped = await page.evaluate<string[]>('self.trapped');
      found.push(...[...smuggled, ...trapped].map((what) => `${path}: ${what}`));
    };
    const shown = async (path: string, text: string) => {
      const isShown = await page.evaluate<boolean>(`document.body.innerText.includes(${JSON.stringify(text)})`);
      if (!isShown) found.push(`${path}: not shown as written`);
    };
    const [image = ''] = NAMES;
    for (const [path, text] of [
      ['/users?page_size=50', image],
      [`/users/${ids.user}`, image],
      ['/groups?page_size=50', image],
      [`/groups/${ids.group}`, ''],
      ['/projects/harbour/members?page_size=50', image],
      ['/robots', ''],
      ['/projects/harbour/robots', ''],
      [`/robots/${ids.robot}`, TEXTS.at(-1) ?? ''],
      ['/projects/harbour/federation', ''],
      [`/projects/harbour/federation/${ids.rule}`, ''],
      ['/projects/harbour/labels', ''],
      ['/settings/labels', ''],
      ['/settings/auth', image],
      [`/settings/auth/${ids.source}`, image],
      ['/me/tokens', ''],
      ['/projects/harbour/r/app?view=about', ''],
      ['/projects/harbour/r/app', ''],
      ['/projects/harbour/r/app/v1', ''],
      ['/projects/harbour/activity', ''],
      ['/audit', ''],
      [`/projects/harbour/access?who=${encodeURIComponent(image)}&what=repository:push`, image],
      ['/projects/harbour', ''],
      ['/', ''],
    ] as const) {
      await page.setViewportSize({ width: WINDOW, height: 820 });
      await window.step(path);
      if (text !== '') await shown(path, text);
      await look(path);
    }
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('S42 run nothing on the sign-in page, nor in the pickers that offer them', async () => {
    const stranger = await open();
    await stranger.page.goto(`${product.origin}/login`);
    await stranger.page
      .getByText(NAMES[0] ?? '')
      .first()
      .waitFor();
    expect(await stranger.page.evaluate<string[]>(SMUGGLED)).toEqual([]);
    await stranger.page.locator('input[autocomplete="username"]').fill(product.credentials.username);
    await stranger.page.locator('input[autocomplete="current-password"]').fill(product.credentials.password);
    await stranger.page.keyboard.press('Enter');
    await stranger.page.waitForURL((url) => url.pathname !== '/login');
    await stranger.go('/projects/harbour/members');
    await stranger.page.locator('main').getByRole('button', { name: 'Add member' }).click();
    await stranger.page.getByRole('combobox', { name: 'User' }).fill('img src');
    await stranger.page.getByRole('option').first().waitFor();
    await stranger.still();
    expect(await stranger.page.evaluate<string[]>(SMUGGLED)).toEqual([]);
    expect(await stranger.page.evaluate<string[]>('self.trapped')).toEqual([]);
    expect(stranger.problems).toEqual([]);
    await stranger.page.context().close();
  });
});
