import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBoundaries } from './boundaries.ts';

const room = (path: string) => `packages/features/src/${path}`;

/** Each planted import with the rule it breaks; null marks an import that is right. */
const IMPORTS: readonly (readonly [file: string, imports: string, rule: string | null])[] = [
  ['apps/core/src/main.ts', '../../worker/src/main.ts', 'apps-are-islands'],
  ['apps/core/src/wiring.ts', '@moorage/features/project', null],
  ['apps/portal/src/features/project/project.page.tsx', '@moorage/database', 'arrows'],
  ['apps/portal/src/features/project/form.tsx', '../robot/robot.page.tsx', 'portal-features-independent'],
  ['apps/portal/src/features/project/shell.tsx', '../../app/router.tsx', 'portal-features-independent'],
  ['apps/portal/src/features/project/style.tsx', '@mantine/core', 'mantine-only-in-ui'],
  ['apps/portal/src/shared/list.tsx', '../features/robot/robot.page.tsx', 'portal-shared-below-features'],
  ['packages/ui/src/button.tsx', '@mantine/core', null],
  ['packages/distribution/src/push.ts', 'zod', 'engine-only-node-builtins'],
  ['packages/distribution/src/read.ts', '@moorage/contracts', 'arrows'],
  ['packages/distribution/src/disk.ts', 'node:fs', null],
  ['packages/contracts/src/user/user.api.ts', 'node:fs', 'contracts-only-zod'],
  ['packages/contracts/src/user/user.schema.ts', 'zod', null],
  ['packages/config/src/load.ts', '@moorage/database', 'arrows'],
  [room('project/project.service.ts'), '../user/user.store.ts', 'rooms-through-index'],
  [room('project/project.other.ts'), '../user/index.ts', null],
  [room('user/user.upward.ts'), '../project/index.ts', 'never-upward'],
  [room('label/label.ts'), '../member/index.ts', 'no-circular-rooms'],
  [room('member/member.ts'), '../label/index.ts', 'no-circular-rooms'],
  [room('scan/first.ts'), './second.ts', 'no-circular-files'],
  [room('scan/second.ts'), './first.ts', 'no-circular-files'],
  [room('quota/quota.rules.ts'), 'node:fs', 'rules-are-pure'],
  [room('quota/usage.rules.ts'), './quota.store.ts', 'rules-are-pure'],
  [room('quota/clean.rules.ts'), '@moorage/contracts', null],
  [room('quota/framework.rules.ts'), '@nestjs/common', 'rules-are-pure'],
  [room('quota/quota.controller.ts'), './quota.store.ts', 'controller-not-store'],
  [room('quota/quota.service.ts'), 'typeorm', 'orm-only-in-store'],
  [room('quota/quota.store.ts'), 'typeorm', null],
  [room('quota/quota.jobs.ts'), 'bullmq', 'queue-library-only-in-jobs'],
  [room('quota/quota.cloud.ts'), '@aws-sdk/client-s3', 'cloud-only-in-blob-drivers'],
  [room('quota/quota.calls.ts'), 'node:https', 'outgoing-only-in-egress'],
  [room('quota/quota.sockets.ts'), 'node:net', 'outgoing-only-in-egress'],
  [room('egress/connector.ts'), 'node:net', null],
  [room('quota/quota.build.ts'), '@moorage/testing', 'testing-in-tests-only'],
  [room('quota/quota.spec.ts'), '@moorage/testing', null],
  [room('quota/quota.dev.ts'), 'fast-check', 'no-development-packages'],
  [room('quota/quota.undeclared.ts'), 'left-pad', 'declared-dependencies'],
];

const WORKSPACE = ['testing', 'contracts', 'database'];
const INSTALLED = ['zod', 'typeorm', 'bullmq', '@mantine/core', '@aws-sdk/client-s3', '@nestjs/common', 'fast-check'];

let tree = '';
let violations: string[] = [];

function write(path: string, content: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), content);
}

function plantPackages(): void {
  for (const name of [...INSTALLED, 'left-pad']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'export const value = 1;');
  }
  const dependencies = Object.fromEntries(
    [...INSTALLED, '@moorage/features', ...WORKSPACE.map((n) => `@moorage/${n}`)].map((n) => [n, '1.0.0']),
  );
  const { 'fast-check': _, ...production } = dependencies;
  const manifest = { dependencies: production, devDependencies: { 'fast-check': '1.0.0' } };
  const folders = [
    'apps/core',
    'apps/worker',
    'apps/portal',
    'packages/ui',
    'packages/distribution',
    'packages/config',
    'packages/features',
    ...WORKSPACE.map((n) => `packages/${n}`),
  ];
  for (const folder of folders) {
    const name = `@moorage/${folder.split('/')[1]}`;
    const exports = name === '@moorage/features' ? { './*': './src/*/index.ts' } : './src/index.ts';
    write(`${folder}/package.json`, JSON.stringify({ name, type: 'module', exports, ...manifest }));
    if (folder.startsWith('packages/')) {
      mkdirSync(join(tree, 'node_modules/@moorage'), { recursive: true });
      symlinkSync(join(tree, folder), join(tree, 'node_modules', name));
    }
  }
  for (const name of WORKSPACE) write(`packages/${name}/src/index.ts`, 'export const value = 1;');
}

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'moorage-boundaries-'));
  plantPackages();
  for (const target of ['user/user.store', 'quota/quota.store']) write(room(`${target}.ts`), 'export const value = 1;');
  for (const target of ['app/router', 'features/robot/robot.page'])
    write(`apps/portal/src/${target}.tsx`, 'export const value = 1;');
  write('apps/worker/src/main.ts', 'export const value = 1;');
  for (const name of ['user', 'project']) write(room(`${name}/index.ts`), 'export const value = 1;');
  for (const name of ['label', 'member']) write(room(`${name}/index.ts`), `export * from './${name}.ts';`);
  for (const [file, target] of IMPORTS) write(file, `import { value } from '${target}';\nexport const used = value;\n`);
  violations = await checkBoundaries(tree);
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('the boundary checker on planted imports', () => {
  it.each(IMPORTS.filter(([, , rule]) => rule !== null))('%s importing %s breaks %s', (file, _, rule) => {
    const folder = rule === 'no-circular-rooms' ? dirname(file) : file;
    expect(violations.filter((line) => line.startsWith(`${rule}: `) && line.includes(folder))).not.toEqual([]);
  });

  it.each(IMPORTS.filter(([, , rule]) => rule === null))('%s may import %s', (file) => {
    expect(violations.filter((line) => line.includes(`: ${file} →`))).toEqual([]);
  });
});
