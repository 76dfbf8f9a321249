import {
  ActionIcon,
  Badge,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  defaultCssVariablesResolver,
  Input,
  type MantineThemeOverride,
  Menu,
  Modal,
  PasswordInput,
  Popover,
  Radio,
  Select,
  Switch,
  Tooltip,
} from '@mantine/core';
import { dark, gray, green, red, tide, yellow } from './colors.ts';

const SANS =
  "'Inter Variable', 'Inter Fallback', system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
const MONO =
  "ui-monospace, SFMono-Regular, 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/**
 * The product's look. Deviations from Mantine's defaults are what WCAG 2.2 AA asks for: darker primary shades,
 * automatic contrast, 24 px targets, and overlays that lock scrolling by style sheet instead of by an injected
 * style element, which the content security policy refuses.
 */
export const theme: MantineThemeOverride = createTheme({
  primaryColor: 'tide',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.18,
  black: '#17212a',
  white: '#ffffff',
  colors: { tide, dark, gray, red, green, yellow },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  shadows: {
    xs: '0 1px 2px rgb(16 32 48 / 0.06)',
    sm: '0 1px 3px rgb(16 32 48 / 0.09), 0 1px 2px rgb(16 32 48 / 0.05)',
    md: '0 6px 16px rgb(16 32 48 / 0.12)',
    lg: '0 12px 32px rgb(16 32 48 / 0.16)',
    xl: '0 20px 48px rgb(16 32 48 / 0.2)',
  },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 30 } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', size: 'md', radius: 'sm', tt: 'none', fw: 550 } }),
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'sm' } }),
    Drawer: Drawer.extend({ defaultProps: { lockScroll: false } }),
    Input: Input.extend({ defaultProps: { size: 'sm' } }),
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', position: 'bottom-end' } }),
    Modal: Modal.extend({ defaultProps: { lockScroll: false, centered: true, radius: 'lg', padding: 'lg' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md' } }),
    Radio: Radio.extend({ defaultProps: { size: 'sm' } }),
    Select: Select.extend({ defaultProps: { size: 'sm', allowDeselect: false } }),
    Switch: Switch.extend({ defaultProps: { size: 'md' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } },
    }),
  },
});

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
