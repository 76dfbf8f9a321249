import { ShortcutProvider, UiProvider } from '@moorage/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense, useState, useSyncExternalStore } from 'react';
import { lazyPart } from '../shared/lazy-part.tsx';
import { createQueryClient } from '../shared/api/query.ts';
import { sessionGate } from '../shared/session/session-gate.ts';
import { useShortcutChoice } from '../shared/page/use-shortcut-choice.ts';
import { useUiText } from '../shared/ui-text/use-ui-text.ts';
import { createPortalRouter } from './router.tsx';

const SessionOverlay = lazyPart(() => import('./session-overlay.tsx'), 'SessionOverlay');

/** The whole application. */
export function Portal() {
  const [queries] = useState(createQueryClient);
  const [router] = useState(() => createPortalRouter(queries));
  const { text, locale } = useUiText();
  const [shortcuts] = useShortcutChoice();
  const asking = useSyncExternalStore(sessionGate.subscribe, sessionGate.isAsking);
  return (
    <QueryClientProvider client={queries}>
      <UiProvider text={text} locale={locale}>
        <ShortcutProvider enabled={shortcuts}>
          <RouterProvider router={router} />
          <Suspense>{asking ? <SessionOverlay /> : null}</Suspense>
        </ShortcutProvider>
      </UiProvider>
    </QueryClientProvider>
  );
}
