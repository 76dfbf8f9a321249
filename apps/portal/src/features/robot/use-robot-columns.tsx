import type { Robot } from '@moorage/contracts';
import { type Column, TimeAgo } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { RobotStateBadge } from './robot-state-badge.tsx';
import { extentOf } from '../../shared/permission/permission.rules.ts';
import { expiryOf } from './robot-state.rules.ts';
import classes from './robot.module.css';

/** Columns of the list of robots; links lead into the project's pages or the system's. */
export function useRobotColumns(project: string | null): readonly Column<Robot>[] {
  const { t } = useTranslation('robot');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        cell: (row) =>
          project === null ? (
            <Link to="/robots/$robotId" params={{ robotId: String(row.id) }}>
              {row.name}
            </Link>
          ) : (
            <Link to="/projects/$project/robots/$robotId" params={{ project, robotId: String(row.id) }}>
              {row.name}
            </Link>
          ),
      },
      { id: 'state', header: t('column.state'), width: '9rem', cell: (row) => <RobotStateBadge robot={row} /> },
      {
        id: 'permissions',
        header: t('column.permissions'),
        width: '12rem',
        priority: 'low',
        cell: (row) => <Extent robot={row} />,
      },
      {
        id: 'used',
        header: t('column.lastUsed'),
        sort: 'last_used_at',
        sortsDown: true,
        width: '13rem',
        cell: (row) => <LastUsed robot={row} />,
      },
      {
        id: 'expires',
        header: t('column.expires'),
        sort: 'expires_at',
        width: '10rem',
        cell: (row) => <TimeAgo value={expiryOf(row)} />,
      },
      {
        id: 'created',
        header: t('column.created'),
        sort: 'creation_time',
        sortsDown: true,
        width: '10rem',
        startsHidden: true,
        cell: (row) => <TimeAgo value={row.creation_time} />,
      },
    ],
    [t, project],
  );
}

function Extent(props: { robot: Robot }) {
  const { t } = useTranslation('robot');
  const { grants, projects } = extentOf(props.robot);
  const where = projects < 0 ? t('extent.all') : t('extent.projects', { count: projects });
  const rights = t('extent.grants', { count: grants });
  return props.robot.level === 'project' ? rights : `${rights} · ${where}`;
}

/** When and from where a robot last signed in. */
export function LastUsed(props: { robot: Robot }) {
  const { t } = useTranslation('robot');
  const { robot } = props;
  return (
    <>
      <TimeAgo value={robot.last_used_at} never={t('neverUsed')} />
      {robot.last_used_address ? <span className={classes.address}>{robot.last_used_address}</span> : null}
    </>
  );
}
