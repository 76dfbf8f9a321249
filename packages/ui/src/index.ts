export { DayBars } from './chart/day-bars.tsx';
export { CodeBlock } from './commands/code-block.tsx';
export { copyText } from './commands/clipboard.ts';
export { CopyButton } from './commands/copy-button.tsx';
export { type CommandVariant, CopyCommand } from './commands/copy-command.tsx';
export { downloadText, SecretOnce } from './commands/secret-once.tsx';
export { ConfirmDestroy, type DestroyTier } from './destroy/confirm-destroy.tsx';
export { type Facet, FacetBar } from './facets/facet-bar.tsx';
export { useAnnounce } from './feedback/announcer.tsx';
export { offerUndo, type Toast, toast } from './feedback/toast.tsx';
export { type FieldProblem, Fields, FormActions, FormSection, ProblemSummary } from './form/form.tsx';
export { ButtonAnchor, CardAnchor, NavAnchor, TabAnchor, TabBar, TextAnchor } from './frame/anchors.tsx';
export { AppFrame, focusMain, NavGroup } from './frame/app-frame.tsx';
export { PageHeader } from './frame/page-header.tsx';
export { CardGrid, Facts, Meter, Metric, Metrics, Panel, SplitColumns } from './frame/panel.tsx';
export * from './icons.ts';
export { ShortcutHelp, type ShortcutRow } from './keyboard/shortcut-help.tsx';
export { ShortcutProvider, useShortcut, useShortcutsEnabled } from './keyboard/shortcuts.tsx';
export { LiveChip, type LiveState } from './live/live-chip.tsx';
export * from './mantine.ts';
export { CommandPalette, type PaletteGroup, type PaletteItem } from './palette/command-palette.tsx';
export { QrCode } from './qr/qr-code.tsx';
export { DeniedState, EmptyState, ErrorState, PageSkeleton, type Problem, TextSkeleton } from './states/states.tsx';
export type { Column, ListView, RowAction } from './table/column.ts';
export { PAGE_SIZES } from './table/column.ts';
export { DataTable } from './table/data-table.tsx';
export { ActionItems } from './table/row-menu.tsx';
export { type Ui, useUi } from './text/ui-context.tsx';
export type { UiText } from './text/ui-text.ts';
export {
  COLOR_SCHEMES,
  type ColorScheme,
  DENSITIES,
  type Density,
  readDensity,
  writeDensity,
} from './theme/preferences.ts';
export { UiProvider, useColorScheme } from './theme/ui-provider.tsx';
export { shortDigest } from './values/format.rules.ts';
export { SoftBreaks } from './values/soft-breaks.tsx';
export { Bytes, Count, Digest, ExactTime, TimeAgo, useNow } from './values/values.tsx';
