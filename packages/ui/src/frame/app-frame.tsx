import { ActionIcon } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { IconMenu2 } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import classes from './app-frame.module.css';

const MAIN_ID = 'main';

/** Only small screens need it. */
const NavigationDrawer = lazy(async () => ({
  default: (await import('./navigation-drawer.tsx')).NavigationDrawer,
}));

/**
 * Header, navigation and content. The navigation becomes a drawer under 62em; `place` is the present address, whose
 * change closes the drawer.
 */
export function AppFrame(props: {
  brand: ReactNode;
  navigation: ReactNode;
  /** Between brand and tools: search. */
  center?: ReactNode;
  tools: ReactNode;
  banner?: ReactNode;
  place: string;
  children: ReactNode;
}) {
  const { text } = useUi();
  // The place it was opened at: anywhere else it is closed.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === props.place;

  return (
    <div className={classes.frame}>
      <a className={classes.skip} href={`#${MAIN_ID}`} onClick={focusMain}>
        {text.frame.skip}
      </a>
      <header className={classes.header}>
        <div className={classes.start}>
          <ActionIcon
            className={classes.burger}
            aria-label={text.frame.openNavigation}
            aria-expanded={open}
            onClick={() => setOpenAt(props.place)}
          >
            <IconMenu2 size={20} aria-hidden />
          </ActionIcon>
          {props.brand}
        </div>
        <div className={classes.center}>{props.center}</div>
        <div className={classes.tools}>{props.tools}</div>
      </header>
      <nav className={classes.navigation} aria-label={text.frame.navigation}>
        {props.navigation}
      </nav>
      {openAt === null ? null : (
        <Suspense>
          <NavigationDrawer opened={open} onClose={() => setOpenAt(null)} title={props.brand}>
            {props.navigation}
          </NavigationDrawer>
        </Suspense>
      )}
      <div className={classes.content}>
        {props.banner}
        <main id={MAIN_ID} tabIndex={-1} className={classes.main}>
          {props.children}
        </main>
      </div>
    </div>
  );
}

/** Links of one subject in the navigation. */
export function NavGroup(props: { label?: string; children: ReactNode }) {
  return (
    <div className={classes.group}>
      {props.label ? <div className={classes.groupLabel}>{props.label}</div> : null}
      {props.children}
    </div>
  );
}

/** Moves focus to the content, for the skip link and after a change of page. */
export function focusMain(event?: { preventDefault: () => void }): void {
  event?.preventDefault();
  document.getElementById(MAIN_ID)?.focus({ preventScroll: event === undefined });
}
