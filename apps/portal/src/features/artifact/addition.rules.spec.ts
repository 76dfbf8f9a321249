import { expect, test } from 'vitest';
import { viewsOf } from './addition.rules.ts';

const link = { href: '/x', absolute: false };

test('an image has layers, configuration and history; an index too, by its children', () => {
  const image = { type: 'IMAGE', addition_links: { build_history: link }, references: null };
  expect(viewsOf(image)).toEqual(['layers', 'config', 'history', 'referrers', 'raw']);
  const index = { type: 'IMAGE', addition_links: {}, references: [{ parent_id: 1, child_id: 2, child_digest: 'x' }] };
  expect(viewsOf(index)).toContain('layers');
});

test('a chart and a model have the additions the server names, and no layers', () => {
  const chart = {
    type: 'CHART',
    references: null,
    addition_links: { 'values.yaml': link, dependencies: link, 'readme.md': link },
  };
  expect(viewsOf(chart)).toEqual(['readme', 'values', 'dependencies', 'referrers', 'raw']);
  const model = { type: 'CNAI', references: null, addition_links: { files: link, license: link } };
  expect(viewsOf(model)).toEqual(['license', 'files', 'referrers', 'raw']);
  expect(viewsOf({ type: 'OTHER', references: null, addition_links: {} })).toEqual(['referrers', 'raw']);
});
