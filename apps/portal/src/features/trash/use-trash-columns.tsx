import type { TrashItem } from '@moorage/contracts';
import { Bytes, type Column, ExactTime, SoftBreaks } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import classes from './trash.module.css';

const REASONS = ['deleted', 'retention', 'replication', 'proxy-cache'] as const;

/** Columns of a list of deleted things. */
export function useTrashColumns(withProject: boolean): readonly Column<TrashItem>[] {
  const { t } = useTranslation('trash');
  return useMemo(
    () => [
      {
        id: 'title',
        header: t('column.what'),
        sort: 'title',
        priority: 'key',
        cell: (row) => (
          <span className={classes.what}>
            <span>
              <SoftBreaks text={row.title} />
            </span>
            <span className={classes.holds}>
              {t('holds', {
                tags: t('tags', { count: row.tag_count }),
                artifacts: t('artifacts', { count: row.artifact_count }),
              })}
            </span>
          </span>
        ),
      },
      { id: 'kind', header: t('column.kind'), width: '7rem', cell: (row) => t(`kind.${row.kind}`) },
      ...(withProject
        ? [{ id: 'project', header: t('column.project'), width: '10rem', cell: (row: TrashItem) => row.project_name }]
        : []),
      {
        id: 'bytes',
        header: t('column.size'),
        sort: 'bytes',
        sortsDown: true,
        align: 'end',
        width: '7rem',
        cell: (row) => <Bytes value={row.bytes} />,
      },
      {
        id: 'reason',
        header: t('column.reason'),
        width: '10rem',
        priority: 'low',
        cell: (row) => {
          const known = REASONS.find((reason) => reason === row.reason);
          return known ? t(`reason.${known}`) : row.reason;
        },
      },
      { id: 'by', header: t('column.by'), width: '9rem', priority: 'low', cell: (row) => row.deleted_by },
      timeColumn('deleted', t('column.deleted'), 'deleted_at', (row) => row.deleted_at),
      {
        id: 'expires',
        header: t('column.expires'),
        sort: 'expires_at',
        width: '14.5rem',
        cell: (row) => (row.state === 'kept' ? <ExactTime value={row.expires_at} /> : t(`state.${row.state}`)),
      },
    ],
    [t, withProject],
  );
}
