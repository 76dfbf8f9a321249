import { type ComponentProps, type ReactNode, useEffect, useRef } from 'react';
import classes from './anchors.module.css';

type AnchorProps = ComponentProps<'a'>;

/** A link in running text or a table. The application gives it the router's behaviour. */
export function TextAnchor(props: AnchorProps) {
  return <a {...props} className={join(classes.text, props.className)} />;
}

/** A link of the main navigation. The router marks the present one with `aria-current="page"`. */
export function NavAnchor(props: AnchorProps & { icon?: ReactNode }) {
  const { icon, children, ...rest } = props;
  return (
    <a {...rest} className={join(classes.nav, rest.className)}>
      <span className={classes.navIcon} aria-hidden>
        {icon}
      </span>
      <span className={classes.navLabel}>{children}</span>
    </a>
  );
}

/** A link that looks like a button, for what leads to another page. */
export function ButtonAnchor(props: AnchorProps & { icon?: ReactNode; look?: 'primary' | 'plain'; small?: boolean }) {
  const { icon, look = 'plain', small, children, ...rest } = props;
  return (
    <a {...rest} className={join(classes.button, rest.className)} data-look={look} data-small={small || undefined}>
      {icon}
      {children}
    </a>
  );
}

/** One of the views of the same object. */
export function TabAnchor(props: AnchorProps & { count?: ReactNode }) {
  const { count, children, ...rest } = props;
  return (
    <a {...rest} className={join(classes.tab, rest.className)}>
      {children}
      {count === undefined || count === null ? null : <span className={classes.tabCount}>{count}</span>}
    </a>
  );
}

/** Holds {@link TabAnchor}s; on a narrow window the present one is scrolled into sight. */
export function TabBar(props: { label: string; children: ReactNode }) {
  const bar = useRef<HTMLElement>(null);
  // The router marks another one without the bar being drawn anew, and some come late.
  useEffect(() => {
    if (!bar.current) return;
    const { current } = bar;
    showPresent(current);
    const marks = new MutationObserver(() => showPresent(current));
    marks.observe(current, { subtree: true, childList: true, attributeFilter: ['aria-current'] });
    return () => marks.disconnect();
  }, []);
  return (
    <nav className={classes.tabs} aria-label={props.label} ref={bar}>
      {props.children}
    </nav>
  );
}

function showPresent(bar: HTMLElement): void {
  const present = bar.querySelector<HTMLElement>('[aria-current="page"]');
  if (!present) return;
  const [left, right] = [present.offsetLeft, present.offsetLeft + present.offsetWidth];
  if (right > bar.scrollLeft + bar.clientWidth) bar.scrollLeft = right - bar.clientWidth;
  else if (left < bar.scrollLeft) bar.scrollLeft = left;
}

/** A whole card that leads somewhere. */
export function CardAnchor(props: AnchorProps) {
  return <a {...props} className={join(classes.card, props.className)} />;
}

function join(...names: (string | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
