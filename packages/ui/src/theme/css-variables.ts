import { type CSSVariablesResolver, defaultCssVariablesResolver } from '@mantine/core';

/** Mantine's variables, the contrast corrections, and the product's own `--mo-…` surfaces. */
export const cssVariables: CSSVariablesResolver = (resolved) => {
  const base = defaultCssVariablesResolver(resolved);
  return {
    variables: { ...base.variables, '--mo-focus': 'var(--mantine-color-tide-6)' },
    light: {
      ...base.light,
      '--mantine-color-error': 'var(--mantine-color-red-8)',
      '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
      '--mantine-color-placeholder': '#657583',
      '--mantine-color-default-border': 'var(--mantine-color-gray-4)',
      '--mantine-color-disabled-color': 'var(--mantine-color-gray-6)',
      '--mo-page': 'var(--mantine-color-gray-0)',
      '--mo-surface': '#ffffff',
      '--mo-raised': '#ffffff',
      '--mo-sunken': 'var(--mantine-color-gray-1)',
      '--mo-hover': 'var(--mantine-color-gray-1)',
      '--mo-selected': 'var(--mantine-color-tide-0)',
      '--mo-line': 'var(--mantine-color-gray-3)',
      '--mo-line-strong': 'var(--mantine-color-gray-5)',
      '--mo-text': 'var(--mantine-color-black)',
      '--mo-code': '#f1f5f8',
    },
    dark: {
      ...base.dark,
      '--mantine-color-error': 'var(--mantine-color-red-4)',
      '--mantine-color-gray-light': 'var(--mantine-color-dark-5)',
      '--mantine-color-gray-light-hover': 'var(--mantine-color-dark-4)',
      '--mantine-color-tide-light': '#0f3247',
      '--mantine-color-tide-light-hover': '#15405a',
      '--mantine-color-success': 'var(--mantine-color-green-4)',
      '--mantine-color-anchor': 'var(--mantine-color-tide-3)',
      '--mantine-color-dimmed': 'var(--mantine-color-dark-2)',
      '--mantine-color-placeholder': '#8b9aa8',
      '--mantine-color-disabled-color': 'var(--mantine-color-dark-2)',
      '--mo-page': 'var(--mantine-color-dark-8)',
      '--mo-surface': 'var(--mantine-color-dark-7)',
      '--mo-raised': 'var(--mantine-color-dark-6)',
      '--mo-sunken': 'var(--mantine-color-dark-8)',
      '--mo-hover': 'var(--mantine-color-dark-6)',
      '--mo-selected': '#12293a',
      '--mo-line': 'var(--mantine-color-dark-5)',
      '--mo-line-strong': 'var(--mantine-color-dark-3)',
      '--mo-text': 'var(--mantine-color-dark-0)',
      '--mo-code': '#0d141a',
    },
  };
};
