import { useTranslation } from 'react-i18next';
import { SelectorWords } from '../../shared/policy/selector-words.tsx';
import classes from './immutability.module.css';
import type { Coverage } from './immutability.queries.ts';

/** A rule as a sentence. */
export function RuleWords(props: { coverage: Coverage }) {
  const { t } = useTranslation('immutability');
  return (
    <span className={classes.sentence}>
      <SelectorWords of="tags" selectors={props.coverage.tags} />
      <span>{t('in')}</span>
      <SelectorWords of="repositories" selectors={props.coverage.repositories} />
    </span>
  );
}
