import { ShortcutHelp } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useIsAdmin } from '../../shared/session/session.queries.ts';

/** Every key the portal listens to. */
export function KeyboardHelp(props: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('shell');
  const admin = useIsAdmin();
  return (
    <ShortcutHelp
      {...props}
      groups={[
        {
          label: t('keys.everywhere'),
          rows: [
            { keys: ['Ctrl', 'K'], label: t('keys.find') },
            { keys: ['?'], label: t('keys.help') },
            { keys: ['Esc'], label: t('keys.close') },
          ],
        },
        {
          label: t('keys.go'),
          rows: [
            { keys: ['g', 'h'], label: t('nav.home') },
            { keys: ['g', 'p'], label: t('nav.projects') },
            ...(admin
              ? [
                  { keys: ['g', 'u'], label: t('nav.users') },
                  { keys: ['g', 'r'], label: t('nav.robots') },
                  { keys: ['g', 'a'], label: t('nav.audit') },
                  { keys: ['g', 's'], label: t('nav.settings') },
                ]
              : []),
            { keys: ['g', 'm'], label: t('nav.profile') },
          ],
        },
        {
          label: t('keys.lists'),
          rows: [
            { keys: ['/'], label: t('keys.search') },
            { keys: ['j'], label: t('keys.next') },
            { keys: ['k'], label: t('keys.previous') },
            { keys: ['x'], label: t('keys.select') },
            { keys: ['Enter'], label: t('keys.open') },
            { keys: ['c'], label: t('keys.create') },
            { keys: ['y'], label: t('keys.copy') },
          ],
        },
      ]}
    />
  );
}
