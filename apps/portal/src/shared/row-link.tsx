import { TextAnchor } from '@moorage/ui';
import { type NavigateOptions, useRouter } from '@tanstack/react-router';
import { type MouseEvent, type ReactNode, useMemo } from 'react';

/** Pointing at a link for this long means it. */
const INTENT_MS = 60;

/**
 * A link of a row in a long list. It is a real anchor and goes through the router, but does not follow the address as
 * the router's own link does: a hundred of those are drawn again at every sort and page.
 */
export function RowLink(props: {
  to: NavigateOptions['to'];
  params?: Readonly<Record<string, string>>;
  search?: Readonly<Record<string, string | undefined>>;
  className?: string | undefined;
  title?: string;
  children: ReactNode;
}) {
  const router = useRouter();
  const { to, params, search } = props;
  const target = useMemo(
    () => ({ to, params: params ?? {}, search: search ?? {} }) as never as NavigateOptions,
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- rows make new objects of the same words
    [to, JSON.stringify(params), JSON.stringify(search)],
  );
  const href = useMemo(() => router.buildLocation(target).href, [router, target]);
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    void router.navigate(target);
  };
  const intend = (event: MouseEvent<HTMLAnchorElement>) => {
    const anchor = event.currentTarget;
    const timer = setTimeout(() => void router.preloadRoute(target as never).catch(() => undefined), INTENT_MS);
    anchor.addEventListener('mouseleave', () => clearTimeout(timer), { once: true });
  };
  return (
    <TextAnchor href={href} className={props.className} title={props.title} onClick={go} onMouseEnter={intend}>
      {props.children}
    </TextAnchor>
  );
}
