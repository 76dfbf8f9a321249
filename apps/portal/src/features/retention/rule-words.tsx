import { useTranslation } from 'react-i18next';
import { SelectorWords } from '../../shared/policy/selector-words.tsx';
import type { RuleDraft } from './retention-draft.rules.ts';
import classes from './retention.module.css';

const DAYS = ['pushed_within_days', 'pushed_before_days', 'pulled_within_days', 'not_pulled_for_days'] as const;

/** A rule as a sentence: what it does, with which of what, where, and under which conditions. */
export function RuleWords(props: { rule: RuleDraft }) {
  const { t } = useTranslation('retention');
  const { rule } = props;
  const { select, newest } = rule;
  const untagged = select.tagged === 'untagged';
  const conditions = [
    ...(select.tagged === 'tagged' ? [t('tagged.tagged')] : []),
    ...(select.versions === null
      ? []
      : [t('words.versions', { range: select.versions.range }), t(`prereleases.${select.versions.prereleases}`)]),
    ...DAYS.flatMap((days) => {
      const count = select[days];
      return count === null ? [] : [t(`words.${days}`, { count })];
    }),
    ...(select.types.length > 0 ? [t('words.types', { types: select.types.join(', ') })] : []),
    ...(select.labels.length > 0 ? [t('words.labels', { count: select.labels.length })] : []),
  ];
  return (
    <span className={classes.words}>
      <strong>{t(`action.${rule.action}`)}</strong>
      {newest === null ? null : (
        <span>
          {t(rule.action === 'delete' ? 'words.beyond' : 'words.newest', {
            count: newest.count,
            by: t(`newest.by.${newest.by}`),
            per: t(`newest.per.${newest.per}`),
          })}
        </span>
      )}
      {untagged ? <span>{t('words.untagged')}</span> : <SelectorWords of="tags" selectors={rule.tags} />}
      <span>{t('in')}</span>
      <SelectorWords of="repositories" selectors={rule.repositories} />
      {conditions.length > 0 ? <span className={classes.dim}>({conditions.join('; ')})</span> : null}
      {rule.disabled ? <span className={classes.dim}>— {t('rule.off')}</span> : null}
    </span>
  );
}
