import { IconSearch } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import classes from './shell.module.css';

/** Looks like the search field it opens. */
export function FindButton(props: { onClick: () => void }) {
  const { t } = useTranslation('shell');
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <button type="button" className={classes.find} aria-keyshortcuts="Control+K Meta+K" onClick={props.onClick}>
      <IconSearch size={16} aria-hidden />
      <span className={classes.findText}>{t('find.placeholder')}</span>
      <kbd className={classes.keys} aria-hidden>
        {mac ? '⌘ K' : 'Ctrl K'}
      </kbd>
    </button>
  );
}
