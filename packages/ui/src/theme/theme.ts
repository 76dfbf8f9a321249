import { createTheme, type MantineThemeOverride } from '@mantine/core';
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
  // Plain objects: `Component.extend` would carry every component into the first load.
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 30 } },
    Badge: { defaultProps: { variant: 'light', size: 'md', radius: 'sm', tt: 'none', fw: 550 } },
    Button: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'sm' } },
    Drawer: { defaultProps: { lockScroll: false } },
    Input: { defaultProps: { size: 'sm' } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', position: 'bottom-end' } },
    Modal: { defaultProps: { lockScroll: false, centered: true, radius: 'lg', padding: 'lg' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Popover: { defaultProps: { shadow: 'md' } },
    Radio: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false } },
    Switch: { defaultProps: { size: 'md' } },
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } },
    },
  },
});
