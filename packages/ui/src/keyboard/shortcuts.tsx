import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useMemo, useRef } from 'react';

/** Keys by physical place (`KeyJ`), so that they work under a Russian layout; `Slash` and `shift+Slash` are the exceptions people know. */
type Handler = (event: KeyboardEvent) => void;

const SEQUENCE_MS = 1_200;

interface Shortcuts {
  readonly enabled: boolean;
  readonly register: (keys: string, handler: Handler) => () => void;
}

const ShortcutContext = createContext<Shortcuts>({ enabled: false, register: () => () => undefined });

/**
 * Single-key shortcuts and two-key sequences (`g KeyP`). They never fire while typing or under an open dialog, and can
 * be turned off as a whole (WCAG 2.1.4).
 */
export function ShortcutProvider(props: { enabled: boolean; children: ReactNode }) {
  const handlers = useRef(new Map<string, Handler[]>());

  const shortcuts = useMemo<Shortcuts>(
    () => ({
      enabled: props.enabled,
      register(keys, handler) {
        const list = handlers.current.get(keys) ?? [];
        handlers.current.set(keys, [...list, handler]);
        return () => {
          const rest = (handlers.current.get(keys) ?? []).filter((entry) => entry !== handler);
          if (rest.length === 0) handlers.current.delete(keys);
          else handlers.current.set(keys, rest);
        };
      },
    }),
    [props.enabled],
  );

  useEffect(() => {
    if (!props.enabled) return undefined;
    let first: { code: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      const code = event.shiftKey ? `shift+${event.code}` : event.code;
      const prefix = first !== null && event.timeStamp - first.at < SEQUENCE_MS ? `${first.code} ` : '';
      const list = handlers.current.get(prefix + code);
      first =
        prefix === '' && [...handlers.current.keys()].some((keys) => keys.startsWith(`${code} `))
          ? { code, at: event.timeStamp }
          : null;
      const handler = list?.at(-1);
      if (handler === undefined) return;
      event.preventDefault();
      handler(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [props.enabled]);

  return <ShortcutContext value={shortcuts}>{props.children}</ShortcutContext>;
}

/** Runs `handler` on a key or sequence while the component is shown. The latest registered of equal keys wins. */
export function useShortcut(keys: string, handler: Handler, active = true): void {
  const { register } = useContext(ShortcutContext);
  const run = useEffectEvent(handler);
  useEffect(() => (active ? register(keys, (event) => run(event)) : undefined), [register, keys, active]);
}

/** Whether single-key shortcuts are on; for hints beside controls. */
export function useShortcutsEnabled(): boolean {
  return useContext(ShortcutContext).enabled;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}
