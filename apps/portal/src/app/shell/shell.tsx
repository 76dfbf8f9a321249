import { AppFrame, focusMain, LiveChip, PageSkeleton } from '@moorage/ui';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useLiveState } from '../../shared/live/use-live.ts';
import { QuickFind } from '../palette/quick-find.tsx';
import { Banners } from './banners.tsx';
import { Brand } from './brand.tsx';
import { FindButton } from './find-button.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { Navigation } from './navigation.tsx';
import { useNavigationKeys } from './navigation-keys.ts';
import { Tools } from './tools.tsx';

/** What surrounds every page: header, navigation, banners, quick find and keyboard help. */
export function Shell() {
  const place = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? state.location.pathname });
  const live = useLiveState();
  const [finding, setFinding] = useState(false);
  const [helping, setHelping] = useState(false);
  useFocusOnNewPage(place);
  useNavigationKeys({ find: () => setFinding(true), help: () => setHelping(true) });

  return (
    <AppFrame
      place={place}
      brand={<Brand />}
      navigation={<Navigation />}
      center={<FindButton onClick={() => setFinding(true)} />}
      tools={
        <>
          {live ? <LiveChip state={live} /> : null}
          <Tools onKeyboardHelp={() => setHelping(true)} />
        </>
      }
      banner={<Banners />}
    >
      <Suspense fallback={<PageSkeleton />}>
        <Outlet />
      </Suspense>
      <QuickFind opened={finding} onClose={() => setFinding(false)} />
      <KeyboardHelp opened={helping} onClose={() => setHelping(false)} />
    </AppFrame>
  );
}

/** Moves focus to the content after a change of page, as a full page load would. */
function useFocusOnNewPage(place: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    // A page that put focus into its own field keeps it.
    if (document.activeElement === document.body || document.activeElement?.closest('nav, header')) focusMain();
  }, [place]);
}
