import { AppFrame, focusMain, LiveChip, PageSkeleton } from '@moorage/ui';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState } from 'react';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useLiveState } from '../../shared/live/use-live.ts';
import { Banners } from './banners.tsx';
import { Brand } from './brand.tsx';
import { FindButton } from './find-button.tsx';
import { Navigation } from './navigation.tsx';
import { useNavigationKeys } from './navigation-keys.ts';
import { Tools } from './tools.tsx';

const QuickFind = lazyPart(() => import('../palette/quick-find.tsx'), 'QuickFind');
const KeyboardHelp = lazyPart(() => import('./keyboard-help.tsx'), 'KeyboardHelp');

/** What surrounds every page: header, navigation, banners, quick find and keyboard help. */
export function Shell() {
  const place = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? state.location.pathname });
  const live = useLiveState();
  const finding = useLayer();
  const helping = useLayer();
  useFocusOnNewPage(place);
  useNavigationKeys({ find: finding.open, help: helping.open });

  return (
    <AppFrame
      place={place}
      brand={<Brand />}
      navigation={<Navigation />}
      center={<FindButton onClick={finding.open} />}
      tools={
        <>
          {live ? <LiveChip state={live} /> : null}
          <Tools onKeyboardHelp={helping.open} />
        </>
      }
      banner={<Banners />}
    >
      <Suspense fallback={<PageSkeleton />}>
        <Outlet />
      </Suspense>
      <Suspense>
        {finding.wanted ? <QuickFind opened={finding.opened} onClose={finding.close} /> : null}
        {helping.wanted ? <KeyboardHelp opened={helping.opened} onClose={helping.close} /> : null}
      </Suspense>
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

/** A layer over the page: loaded when first wanted, kept afterwards so that it can close with grace. */
function useLayer() {
  const [opened, setOpened] = useState<boolean | null>(null);
  return {
    wanted: opened !== null,
    opened: opened === true,
    open: () => setOpened(true),
    close: () => setOpened(false),
  };
}
