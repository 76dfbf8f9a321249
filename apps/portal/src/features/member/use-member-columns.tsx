import type { ProjectMember } from '@moorage/contracts';
import { type Column, IconUser, IconUsers } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { roleOf } from '../../shared/access/roles.ts';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import classes from './member.module.css';

/** Columns of the list of members. */
export function useMemberColumns(): readonly Column<ProjectMember>[] {
  const { t } = useTranslation(['member', 'shared']);
  const user = useCurrentUser();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'entity_name',
        priority: 'key',
        cell: (row) => (
          <span className={classes.name}>
            {row.entity_type === 'g' ? <IconUsers size={16} aria-hidden /> : <IconUser size={16} aria-hidden />}
            {row.entity_name}
            {row.entity_type === 'u' && row.entity_name === user?.username ? (
              <span className={classes.dim}>{t('you')}</span>
            ) : null}
          </span>
        ),
      },
      {
        id: 'kind',
        header: t('column.kind'),
        width: '10rem',
        cell: (row) => (row.entity_type === 'g' ? t('kind.group') : t('kind.user')),
      },
      {
        id: 'role',
        header: t('column.role'),
        sort: 'role_id',
        width: '14rem',
        cell: (row) => {
          const role = roleOf(row.role_id);
          return role ? (
            <span title={t(`shared:role.${role}.text`)}>{t(`shared:role.${role}.name`)}</span>
          ) : (
            row.role_name
          );
        },
      },
    ],
    [t, user?.username],
  );
}
