import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { BOUNDARY_RULES } from './boundary-rules.ts';

/**
 * Checks who imports whom below `root` against the rules of the architecture page. Returns one line per violation: rule,
 * the import, and what to do.
 */
export async function checkBoundaries(root: string): Promise<string[]> {
  const folders = ['apps', 'packages'].filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: [...BOUNDARY_RULES] },
      tsPreCompilationDeps: true,
      doNotFollow: { path: ['node_modules', '/dist/'] },
      exclude: { path: ['/dist/', '^packages/tooling/src/check/.*\\.spec\\.ts$'] },
    },
    {
      conditionNames: ['@moorage/source', 'import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  );
  return describe(output as ICruiseResult);
}

function describe({ summary }: ICruiseResult): string[] {
  const lines = summary.violations.map(({ rule, from, to, cycle }) => {
    const path = cycle ? [from, ...cycle.map((step) => step.name)].join(' → ') : `${from} → ${to}`;
    return `${rule.name}: ${path}\n    ${explain(rule.name, from)}`;
  });
  return [...new Set(lines)];
}

/** Several rules share a name, one for each package or level; the one that covers the importing file explains best. */
function explain(name: string, from: string): string {
  const rules = BOUNDARY_RULES.filter((rule) => rule.name === name);
  const closest = rules.find((rule) => new RegExp(String(rule.from.path)).test(from)) ?? rules[0];
  return closest?.comment ?? '';
}
