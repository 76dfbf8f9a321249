import type { Repository } from '@moorage/contracts';
import { type Column, Count, TimeAgo } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
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
      {
        id: 'pushed',
        header: t('column.lastPush'),
        sort: 'last_push_time',
        sortsDown: true,
        width: '11rem',
        cell: (row) => <TimeAgo value={row.last_push_time} />,
      },
      {
        id: 'created',
        header: t('column.created'),
        sort: 'creation_time',
        sortsDown: true,
        width: '11rem',
        startsHidden: true,
        priority: 'low',
        cell: (row) => <TimeAgo value={row.creation_time} />,
      },
    ],
    [t],
  );
}
