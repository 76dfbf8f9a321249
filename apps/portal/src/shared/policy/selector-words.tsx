import { useTranslation } from 'react-i18next';
import classes from './policy.module.css';
import type { Selector } from './selector.rules.ts';

/** Selectors as people read them: what matches, then what is excepted. */
export function SelectorWords(props: { of: 'repositories' | 'tags'; selectors: readonly Selector[] }) {
  const { t } = useTranslation('policy');
  const matching = props.selectors.filter((selector) => !selector.excludes && selector.pattern !== '**');
  const excepted = props.selectors.filter((selector) => selector.excludes);
  return (
    <span className={classes.words}>
      {matching.length === 0 ? <span>{t(`words.all.${props.of}`)}</span> : <span>{t(`words.some.${props.of}`)}</span>}
      {matching.map((selector) => (
        <code key={selector.pattern}>{selector.pattern}</code>
      ))}
      {excepted.length > 0 ? <span>{t('words.except')}</span> : null}
      {excepted.map((selector) => (
        <code key={selector.pattern}>{selector.pattern}</code>
      ))}
    </span>
  );
}
