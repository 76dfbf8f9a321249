import { useShortcut } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { useIsAdmin } from '../../shared/session/session.queries.ts';

/** `g` and a letter go to a section, `?` shows all keys, Ctrl+K (also while typing) finds. */
export function useNavigationKeys(actions: { find: () => void; help: () => void }): void {
  const navigate = useNavigate();
  const admin = useIsAdmin();
  useShortcut('KeyG KeyH', () => void navigate({ to: '/' }));
  useShortcut('KeyG KeyP', () => void navigate({ to: '/projects' }));
  useShortcut('KeyG KeyU', () => void navigate({ to: '/users' }), admin);
  useShortcut('KeyG KeyR', () => void navigate({ to: '/robots' }), admin);
  useShortcut('KeyG KeyA', () => void navigate({ to: '/audit' }), admin);
  useShortcut('KeyG KeyS', () => void navigate({ to: '/settings' }), admin);
  useShortcut('KeyG KeyM', () => void navigate({ to: '/me' }));
  useShortcut('shift+Slash', actions.help);

  const find = useEffectEvent(actions.find);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === 'KeyK') {
        event.preventDefault();
        find();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
