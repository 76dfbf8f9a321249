import { convertCssVariables, DEFAULT_THEME, mergeMantineTheme } from '@mantine/core';
import { expect, test } from 'vitest';
import { cssVariables } from './css-variables.ts';
import { theme } from './theme.ts';

const resolved = mergeMantineTheme(DEFAULT_THEME, theme);

// Also the generator: `vitest -u` rewrites the file after a change of the theme.
test('the style sheet of variables is the one the theme describes', async () => {
  const css = convertCssVariables(cssVariables(resolved)).replaceAll(/([;{}])/g, '$1\n');
  await expect(css).toMatchFileSnapshot('./generated/variables.css');
});

test.each([
  ['light', 'dimmed text on the page', '#52626f', '#f7f9fb'],
  ['light', 'placeholder on a field', '#657583', '#ffffff'],
  ['light', 'white on a primary button', '#ffffff', '#10618f'],
  ['light', 'an error on the page', '#b42020', '#f7f9fb'],
  ['dark', 'dimmed text on a raised surface', '#97a6b4', '#212b34'],
  ['dark', 'placeholder on a field', '#8b9aa8', '#212b34'],
  ['dark', 'a link on the surface', '#7dbfe6', '#161e26'],
  ['dark', 'an error on the surface', '#fb7878', '#161e26'],
])('%s: %s is readable (4.5:1)', (_scheme, _what, text, ground) => {
  expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
});

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
