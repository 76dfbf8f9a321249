import { useTranslation } from 'react-i18next';
import { type Grant, matrixOf } from './permission.rules.ts';

/** Rights in words: one line per resource. */
export function GrantWords(props: { grants: ReadonlySet<Grant> }) {
  const { t, i18n } = useTranslation('permission');
  const list = new Intl.ListFormat(i18n.language, { type: 'unit' });
  return matrixOf([...props.grants]).map((row) => (
    <div key={row.resource}>
      <b>{t(`resource.${row.resource}`, { defaultValue: row.resource })}</b>
      {': '}
      {list.format(row.grants.map((entry) => t(`action.${entry.action}`, { defaultValue: entry.action })))}
    </div>
  ));
}
