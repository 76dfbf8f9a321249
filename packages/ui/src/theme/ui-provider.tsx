import {
  localStorageColorSchemeManager,
  MantineProvider,
  mergeThemeOverrides,
  useMantineColorScheme,
} from '@mantine/core';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { Announcer } from '../feedback/announcer.tsx';
import { UiTextProvider } from '../text/ui-context.tsx';
import type { UiText } from '../text/ui-text.ts';
import { COLOR_SCHEME_KEY, type ColorScheme } from './preferences.ts';
import { theme } from './theme.ts';

/** Not needed for the first paint; notes given earlier wait in their queue. */
const Notifications = lazy(async () => ({ default: (await import('@mantine/notifications')).Notifications }));

const colorSchemeManager = localStorageColorSchemeManager({ key: COLOR_SCHEME_KEY });

/**
 * Everything the components of this package need around them. Injects no style element: the theme's variables are a
 * generated style sheet, because the content security policy allows styles from files only.
 */
export function UiProvider(props: { text: UiText; locale: string; children: ReactNode }) {
  const { text } = props;
  // The close button of a note has no words of its own.
  const worded = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: {
          Notification: { defaultProps: { closeButtonProps: { 'aria-label': text.actions.close } } },
        },
      }),
    [text],
  );
  return (
    <MantineProvider
      theme={worded}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <UiTextProvider text={text} locale={props.locale}>
        <Announcer>{props.children}</Announcer>
      </UiTextProvider>
      <Suspense>
        <Notifications position="bottom-right" limit={4} />
      </Suspense>
    </MantineProvider>
  );
}

/** The chosen colour scheme and how to change it. */
export function useColorScheme(): { scheme: ColorScheme; setScheme: (scheme: ColorScheme) => void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return { scheme: colorScheme, setScheme: setColorScheme };
}
