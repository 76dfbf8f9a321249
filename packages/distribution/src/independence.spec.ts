import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = dirname(fileURLToPath(import.meta.url));

/** Files that run in production: everything but tests and what tests are made of. */
function productionFiles(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('testing/'),
  );
}

/** What a file imports or exports from, and what it loads by `import()`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(([, specifier]) => specifier ?? '');
}

describe('the engine runs alone', () => {
  it('declares no runtime dependency', () => {
    const manifest = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8')) as Record<string, object>;
    expect(manifest['dependencies'] ?? {}).toEqual({});
    expect(manifest['peerDependencies'] ?? {}).toEqual({});
    expect(manifest['optionalDependencies'] ?? {}).toEqual({});
  });

  it('imports nothing but node: modules and itself, and nothing of its tests', () => {
    const foreign: string[] = [];
    let checked = 0;
    for (const file of productionFiles()) {
      for (const specifier of importsOf(file)) {
        checked++;
        if (specifier.startsWith('node:')) continue;
        const target = relative(source, resolve(source, dirname(file), specifier));
        const own = specifier.startsWith('.') && !target.startsWith('..') && !target.startsWith('testing/');
        if (!own) foreign.push(`${file} imports ${specifier}`);
      }
    }
    expect(foreign).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });
});
