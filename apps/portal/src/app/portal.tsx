import { ShortcutProvider, UiProvider } from '@moorage/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createQueryClient } from '../shared/api/query.ts';
import { useShortcutChoice } from '../shared/page/use-shortcut-choice.ts';
import { useUiText } from '../shared/ui-text/use-ui-text.ts';
import { createPortalRouter } from './router.tsx';
import { SessionOverlay } from './session-overlay.tsx';

/** The whole application. */
export function Portal() {
  const [queries] = useState(createQueryClient);
  const [router] = useState(() => createPortalRouter(queries));
  const { text, locale } = useUiText();
  const [shortcuts] = useShortcutChoice();
  return (
    <QueryClientProvider client={queries}>
      <UiProvider text={text} locale={locale}>
        <ShortcutProvider enabled={shortcuts}>
          <RouterProvider router={router} />
          <SessionOverlay />
        </ShortcutProvider>
      </UiProvider>
    </QueryClientProvider>
  );
}
