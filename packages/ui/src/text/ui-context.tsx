import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { formatBytes, formatDateTime, formatNumber, formatRelative } from '../values/format.rules.ts';
import type { UiText } from './ui-text.ts';

/** Words and number formats of the chosen language. */
export interface Ui {
  readonly text: UiText;
  /** BCP 47 tag, for example `zh-CN`. */
  readonly locale: string;
  readonly number: (value: number) => string;
  /** `-1` is unlimited. */
  readonly bytes: (value: number) => string;
  readonly relative: (time: Date, now: Date) => string;
  /** Local time with zone. */
  readonly dateTime: (time: Date) => string;
}

const UiContext = createContext<Ui | null>(null);

export function UiTextProvider(props: { text: UiText; locale: string; children: ReactNode }) {
  const { text, locale } = props;
  const ui = useMemo<Ui>(
    () => ({
      text,
      locale,
      number: (value) => formatNumber(value, locale),
      bytes: (value) => (value < 0 ? text.unlimited : formatBytes(value, locale, text.bytes)),
      relative: (time, now) => formatRelative(time, now, locale),
      dateTime: (time) => formatDateTime(time, locale),
    }),
    [text, locale],
  );
  return <UiContext value={ui}>{props.children}</UiContext>;
}

/** Words and formats of the chosen language. Throws outside a {@link UiTextProvider}. */
export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (ui === null) throw new Error('A component of @moorage/ui stands outside UiTextProvider.');
  return ui;
}
