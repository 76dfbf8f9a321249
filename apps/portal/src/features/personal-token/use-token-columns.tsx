import type { PersonalToken } from '@moorage/contracts';
import { Badge, type Column, IconCheck, IconClock, TimeAgo, useNow } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { extentOf } from '../../shared/permission/permission.rules.ts';
import { expiryOfToken, stateOfToken, type TokenState } from './token-state.rules.ts';
import classes from './personal-token.module.css';

/** Columns of the list of personal tokens. */
export function useTokenColumns(): readonly Column<PersonalToken>[] {
  const { t } = useTranslation('personal-token');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        cell: (row) => (
          <>
            {row.name}
            {row.description === '' ? null : <span className={classes.note}>{row.description}</span>}
          </>
        ),
      },
      { id: 'state', header: t('column.state'), width: '9rem', cell: (row) => <TokenStateBadge token={row} /> },
      {
        id: 'scope',
        header: t('column.scope'),
        width: '14rem',
        priority: 'low',
        cell: (row) => <TokenScope token={row} />,
      },
      {
        id: 'used',
        header: t('column.lastUsed'),
        sort: 'last_used_at',
        sortsDown: true,
        width: '13rem',
        cell: (row) => (
          <>
            <TimeAgo value={row.last_used_at} never={t('neverUsed')} />
            {row.last_used_address ? <span className={classes.address}>{row.last_used_address}</span> : null}
          </>
        ),
      },
      {
        id: 'expires',
        header: t('column.expires'),
        sort: 'expires_at',
        width: '10rem',
        cell: (row) => <TimeAgo value={expiryOfToken(row)} />,
      },
      {
        id: 'created',
        header: t('column.created'),
        sort: 'creation_time',
        sortsDown: true,
        width: '10rem',
        priority: 'low',
        cell: (row) => <TimeAgo value={row.creation_time} />,
      },
    ],
    [t],
  );
}

function TokenScope(props: { token: PersonalToken }) {
  const { t } = useTranslation('personal-token');
  const { permissions } = props.token;
  if (permissions === null) return t('scope.everything');
  const { grants, projects } = extentOf({ permissions });
  const where = projects < 0 ? t('scope.allProjects') : t('scope.projects', { count: projects });
  return `${t('scope.rights', { count: grants })} · ${where}`;
}

const LOOK: Readonly<Record<TokenState, { color: string; Icon: typeof IconCheck }>> = {
  active: { color: 'green', Icon: IconCheck },
  expiring: { color: 'yellow', Icon: IconClock },
  expired: { color: 'red', Icon: IconClock },
};

function TokenStateBadge(props: { token: PersonalToken }) {
  const { t } = useTranslation('personal-token');
  const state = stateOfToken(props.token, useNow());
  const { color, Icon } = LOOK[state];
  return (
    <Badge color={color} leftSection={<Icon size={12} aria-hidden />}>
      {t(`state.${state}`)}
    </Badge>
  );
}
