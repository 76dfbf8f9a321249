import { Bytes, EmptyState, IconFileText, IconFolder, Panel } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { filesOf } from './addition-content.rules.ts';
import classes from './plain-table.module.css';

/** The files of a model, with what each takes. */
export function FileTree(props: { text: string }) {
  const { t } = useTranslation('artifact');
  const rows = filesOf(props.text);
  if (rows.length === 0) {
    return (
      <Panel>
        <EmptyState icon={<IconFileText size={28} />} title={t('file.empty')} text={t('file.emptyText')} />
      </Panel>
    );
  }
  return (
    <Panel title={t('tab.files')} flush>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('file.name')}</th>
            <th scope="col" data-align="end">
              {t('facts.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.path}>
              <th scope="row" title={row.path} style={{ paddingInlineStart: `${16 + row.depth * 18}px` }}>
                {row.folder ? <IconFolder size={15} aria-hidden /> : <IconFileText size={15} aria-hidden />} {row.name}
              </th>
              <td data-align="end">{row.size === undefined ? '' : <Bytes value={row.size} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
