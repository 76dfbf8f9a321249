import { describe, expect, it } from 'vitest';
import { checkInterfaceSizes } from './interface-size.rules.ts';
import { LEVELS } from './levels.ts';
import { checkLinks } from './links.rules.ts';
import { applyExceptions } from './tree.ts';
import {
  checkLevelTable,
  checkNames,
  checkRooms,
  checkSizes,
  checkTexts,
  type Finding,
  type SourceFile,
} from './tree.rules.ts';

const file = (path: string, text = ''): SourceFile => ({ path, text });
const lines = (count: number) => 'x\n'.repeat(count);
const rulesOf = (findings: readonly Finding[]) => findings.map(({ rule }) => rule);
const room = 'packages/features/src/quota';

describe('names', () => {
  it.each([
    ['packages/database/src/utils/paging.ts', 'grab-bag-name'],
    ['packages/database/src/paging-helper.ts', 'grab-bag-name'],
    ['apps/core/src/lib/x.json', 'grab-bag-name'],
    ['packages/features/src/quota/QuotaService.ts', 'file-name'],
    ['packages/features/src/quota/quota.repository.ts', 'file-name'],
    ['packages/features/src/quota/quota_store.ts', 'file-name'],
  ])('%s breaks %s', (path, rule) => {
    expect(rulesOf(checkNames([file(path)]))).toEqual([rule]);
  });

  it.each([
    'packages/features/src/quota/quota.store.ts',
    'packages/features/src/quota/quota.rules.spec.ts',
    'packages/features/src/quota/quota.int.spec.ts',
    'packages/database/src/migrations/1763715600001-create-platform.ts',
    'apps/portal/vite.config.ts',
    'apps/portal/src/features/project/project.page.tsx',
    'apps/portal/public/Logo.svg',
  ])('%s is well named', (path) => {
    expect(checkNames([file(path)])).toEqual([]);
  });
});

describe('sizes', () => {
  it.each([
    [`${room}/quota.service.ts`, 400],
    [`${room}/quota.service.spec.ts`, 600],
    [`${room}/index.ts`, 20],
    ['apps/portal/src/features/quota/quota.page.tsx', 250],
    ['packages/ui/README.md', 60],
    ['docs/architecture.md', 150],
    ['docs/decisions/0001-x.md', 40],
  ])('%s may have %i lines and not one more', (path, limit) => {
    expect(checkSizes([file(path, lines(limit))])).toEqual([]);
    expect(rulesOf(checkSizes([file(path, lines(limit + 1))]))).toEqual(['file-size']);
  });

  it('a room may have 15 source files, tests not counted', () => {
    const sources = Array.from({ length: 15 }, (_, index) => file(`${room}/part-${index}.ts`));
    expect(checkSizes([...sources, file(`${room}/part.spec.ts`)])).toEqual([]);
    expect(checkSizes([...sources, file(`${room}/one-more.ts`)])).toMatchObject([{ rule: 'room-size', path: room }]);
  });

  it('an interface may ask for eight methods', () => {
    const port = (methods: number) =>
      file(
        'x.ts',
        `export interface Port { readonly name: string;\n${'m(): void;\n'.repeat(methods - 1)} p: () => void }`,
      );
    expect(checkInterfaceSizes([port(8)])).toEqual([]);
    expect(rulesOf(checkInterfaceSizes([port(9)]))).toEqual(['interface-size']);
  });
});

describe('rooms', () => {
  it('stand in the level table and have their two files', () => {
    expect(checkRooms([file(`${room}/index.ts`), file(`${room}/README.md`)])).toEqual([]);
    expect(rulesOf(checkRooms([file(`${room}/index.ts`)]))).toEqual(['room-files']);
    const unknown = 'packages/features/src/attic';
    expect(rulesOf(checkRooms([file(`${unknown}/index.ts`), file(`${unknown}/README.md`)]))).toEqual(['room-level']);
  });
});

describe('the level table', () => {
  const page = (rows: string) => [file('docs/architecture.md', rows)];
  const rows = LEVELS.map(({ name, rooms }, level) => `| ${level} ${name} | ${rooms.join(', ')} |`).join('\n');

  it('stands in the architecture page as the checker has it', () => {
    expect(checkLevelTable(page(rows))).toEqual([]);
    expect(rulesOf(checkLevelTable(page(rows.replace('outbox', 'inbox'))))).toEqual(['level-table']);
  });
});

describe('texts', () => {
  it.each([
    [`${room}/quota.service.ts`, 'const rows = sql`\n  select id from quotas`;', 'sql-only-in-store'],
    [`${room}/quota.service.ts`, 'query(`SELECT id\n  FROM quotas`)', 'sql-only-in-store'],
    [`${room}/quota.service.ts`, "query('DELETE FROM quotas')", 'sql-only-in-store'],
    [`${room}/quota.service.ts`, '// TODO later', 'unfinished'],
    ['apps/core/src/main.ts', 'process.env.HOME', 'process-env'],
  ])('%s with %j breaks %s', (path, text, rule) => {
    expect(checkTexts([file(path, text)])).toMatchObject([{ rule, path }]);
  });

  it.each([
    [`${room}/quota.store.ts`, 'sql`SELECT id FROM quotas`'],
    [`${room}/quota.int.spec.ts`, 'sql`SELECT id FROM quotas`'],
    ['packages/config/src/load.ts', 'process.env'],
    [`${room}/quota.service.ts`, "label: 'Select a project', note: 'with care as ever'"],
  ])('%s may contain %j', (path, text) => {
    expect(checkTexts([file(path, text)])).toEqual([]);
  });

  it('names the line', () => {
    expect(checkTexts([file('scripts/x.mjs', 'a\nb\n// FIXME')])[0]?.message).toMatch(/^line 3:/);
  });
});

describe('links', () => {
  const target = file('docs/guide.md', '# Guide\n\n## Life of a push, *really*\n');

  it.each(['[x](guide.md)', '[x](./guide.md#life-of-a-push-really)', '[x](../docs)', '[x](https://elsewhere/none)'])(
    '%s leads somewhere',
    (text) => {
      expect(checkLinks([target, file('docs/page.md', text)])).toEqual([]);
    },
  );

  it.each(['[x](gone.md)', '[x](guide.md#gone)', '[x](#gone)', '![x](picture.png)'])('%s does not', (text) => {
    expect(rulesOf(checkLinks([target, file('docs/page.md', text)]))).toEqual(['broken-link']);
  });

  it('looks at no code', () => {
    expect(checkLinks([file('docs/page.md', '`[x](gone.md)`\n\n```\n[x](gone.md)\n```\n')])).toEqual([]);
  });
});

describe('exceptions', () => {
  const finding = { rule: 'file-size', path: 'a.ts', message: 'long' };

  it('allow what they name and nothing else', () => {
    const exception = { path: 'a.ts', rule: 'file-size', reason: 'one table' };
    expect(applyExceptions([finding, { ...finding, path: 'b.ts' }], [exception])).toEqual([
      { ...finding, path: 'b.ts' },
    ]);
  });

  it('are findings themselves when nothing needs them', () => {
    expect(rulesOf(applyExceptions([], [{ path: 'a.ts', rule: 'file-size', reason: 'once long' }]))).toEqual([
      'unused-exception',
    ]);
  });
});
