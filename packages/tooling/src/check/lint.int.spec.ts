import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureProgram } from '../program.ts';
import { ROOT } from '../root.ts';

let directory = '';
let output = '';

const PLANTED: readonly (readonly [file: string, rule: string, text: string])[] = [
  [
    'floating.ts',
    'no-floating-promises',
    'async function save(): Promise<void> {}\nexport function run(): void {\n  save();\n}\n',
  ],
  ['floating.spec.ts', 'no-floating-promises', 'async function save(): Promise<void> {}\nsave();\n'],
  ['focused.spec.ts', 'no-focused-tests', "import { it } from 'vitest';\nit.only('x', () => {});\n"],
  ['misused.ts', 'no-misused-promises', 'export const found = [1].filter(async (n) => n > 1);\n'],
  ['anything.ts', 'no-explicit-any', 'export const value: any = 1;\n'],
  ['default.ts', 'no-default-export', 'export default 1;\n'],
  [
    'long.ts',
    'max-lines-per-function',
    `export function long(n: number): number {\n${'  n += 1;\n'.repeat(71)}  return n;\n}\n`,
  ],
  [
    'params.ts',
    'max-params',
    'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1, g: 1, h: 1) => [a, b, c, d, e, g, h];\n',
  ],
  ['loose.ts', 'eqeqeq', 'export const same = (a: string, b: string) => a == b;\n'],
  [
    'forward.ts',
    'no-restricted-imports',
    "import { forwardRef } from '@nestjs/common';\nexport const used = forwardRef;\n",
  ],
];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'moorage-lint-'));
  const base = join(ROOT, 'packages/tooling/tsconfig/base.json');
  const config = { extends: base, compilerOptions: { types: [] }, include: ['.'] };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
  for (const [file, , text] of PLANTED) writeFileSync(join(directory, file), text);
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(directory, '.oxlintrc.json'));
  ({ output } = await captureProgram('oxlint', ['--type-aware', '--format=unix'], directory));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the linter', () => {
  it.each(PLANTED)('reports %s as %s', (file, rule) => {
    const lines = output.split('\n').filter((line) => line.startsWith(`${file}:`) && line.includes(rule));
    expect(lines, output).not.toEqual([]);
  });
});
