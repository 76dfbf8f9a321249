import type { Project } from '@moorage/contracts';
import { Badge, type Column, Count, IconLock, IconWorld, TimeAgo } from '@moorage/ui';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { roleOf } from '../../shared/access/roles.ts';
import { Link } from '../../shared/links.tsx';
import { StorageCell } from './storage-cell.tsx';

/** Columns of the list of projects. */
export function useProjectColumns(): readonly Column<Project>[] {
  const { t } = useTranslation(['project', 'shared']);
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        cell: (row) => (
          <Link to="/projects/$project" params={{ project: row.name }}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'visibility',
        header: t('visibility.label'),
        width: '8rem',
        cell: (row) => <Visibility isPublic={row.metadata.public === 'true'} />,
      },
      {
        id: 'role',
        header: t('column.role'),
        width: '9rem',
        priority: 'low',
        cell: (row) => {
          const role = roleOf(row.current_user_role_id);
          return role ? t(`shared:role.${role}.name`) : '–';
        },
      },
      {
        id: 'repositories',
        header: t('column.repositories'),
        sort: 'repo_count',
        sortsDown: true,
        align: 'end',
        width: '8rem',
        cell: (row) => <Count value={row.repo_count} />,
      },
      {
        id: 'storage',
        header: t('column.storage'),
        sort: 'storage_used',
        sortsDown: true,
        width: '11rem',
        cell: (row) => <StorageCell used={row.storage_used ?? 0} limit={row.storage_limit ?? -1} />,
      },
      {
        id: 'pushed',
        header: t('column.lastPush'),
        sort: 'last_push_time',
        sortsDown: true,
        width: '10rem',
        cell: (row) => <TimeAgo value={row.last_push_time} />,
      },
      ...lesserColumns(t),
    ],
    [t],
  );
}

/** Columns that are off until chosen. */
function lesserColumns(t: TFunction<['project', 'shared']>): Column<Project>[] {
  return [
    {
      id: 'owner',
      header: t('column.owner'),
      startsHidden: true,
      priority: 'low',
      cell: (row) => row.owner_name,
    },
    {
      id: 'created',
      header: t('column.created'),
      sort: 'creation_time',
      sortsDown: true,
      startsHidden: true,
      priority: 'low',
      cell: (row) => <TimeAgo value={row.creation_time} />,
    },
  ];
}

/** Whether everyone may pull. */
export function Visibility(props: { isPublic: boolean }) {
  const { t } = useTranslation('project');
  const Icon = props.isPublic ? IconWorld : IconLock;
  return (
    <Badge color={props.isPublic ? 'tide' : 'gray'} leftSection={<Icon size={12} aria-hidden />}>
      {props.isPublic ? t('visibility.public') : t('visibility.private')}
    </Badge>
  );
}
