import type { Repository } from '@moorage/contracts';
import { type Column, Count } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';

/** Columns of the list of repositories. */
export function useRepositoryColumns(): readonly Column<Repository>[] {
  const { t } = useTranslation('repository');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        cell: (row) => (
          <Link to="/projects/$project/r/$repository" params={placeOfRepository(row.name)}>
            {placeOfRepository(row.name).repository}
          </Link>
        ),
      },
      {
        id: 'tags',
        header: t('column.tags'),
        align: 'end',
        width: '6rem',
        cell: (row) => <Count value={row.tag_count ?? 0} />,
      },
      {
        id: 'artifacts',
        header: t('column.artifacts'),
        sort: 'artifact_count',
        sortsDown: true,
        align: 'end',
        width: '7rem',
        priority: 'low',
        cell: (row) => <Count value={row.artifact_count} />,
      },
      {
        id: 'pulls',
        header: t('column.pulls'),
        sort: 'pull_count',
        sortsDown: true,
        align: 'end',
        width: '7rem',
        cell: (row) => <Count value={row.pull_count} />,
      },
      timeColumn('pushed', t('column.lastPush'), 'last_push_time', (row) => row.last_push_time),
      timeColumn('created', t('column.created'), 'creation_time', (row) => row.creation_time, {
        startsHidden: true,
        priority: 'low',
      }),
    ],
    [t],
  );
}
