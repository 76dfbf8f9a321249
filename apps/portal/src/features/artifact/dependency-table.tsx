import { EmptyState, IconPackage, Panel, SoftBreaks } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { dependenciesOf } from './addition-content.rules.ts';
import classes from './plain-table.module.css';

/** The charts a chart needs. */
export function DependencyTable(props: { text: string }) {
  const { t } = useTranslation('artifact');
  const rows = dependenciesOf(props.text);
  if (rows.length === 0) {
    return (
      <Panel>
        <EmptyState icon={<IconPackage size={28} />} title={t('dependency.empty')} text={t('dependency.emptyText')} />
      </Panel>
    );
  }
  return (
    <Panel title={t('tab.dependencies')} flush>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('dependency.name')}</th>
            <th scope="col">{t('dependency.version')}</th>
            <th scope="col">{t('dependency.repository')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${row.name}-${index}`}>
              <th scope="row">{row.name}</th>
              <td>{row.version}</td>
              <td>
                <SoftBreaks text={row.repository} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
