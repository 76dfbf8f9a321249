import type { AuditLogExt } from '@moorage/contracts';
import { type Column, IconCheck, IconRobot, IconUser, IconX, SoftBreaks, TimeAgo } from '@moorage/ui';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { mergeSearch } from '../../shared/list/list-search.ts';
import classes from './audit.module.css';
import { shortResource } from './short-resource.rules.ts';

/** Columns of the audit list. The time opens the whole entry. */
export function useAuditColumns(): readonly Column<AuditLogExt>[] {
  const { t } = useTranslation('audit');
  return useMemo(
    () => [
      {
        id: 'time',
        header: t('column.time'),
        sort: 'op_time',
        sortsDown: true,
        priority: 'key',
        width: '10rem',
        cell: (row) => (
          <EntryLink id={row.id}>
            <TimeAgo value={row.op_time} />
          </EntryLink>
        ),
      },
      {
        id: 'actor',
        header: t('column.actor'),
        width: '11rem',
        cell: (row) => (
          <span className={classes.result}>
            {row.actor_kind === 'robot' ? <IconRobot size={15} aria-hidden /> : <IconUser size={15} aria-hidden />}
            {row.username === '' ? t(`actor.${row.actor_kind}`) : row.username}
          </span>
        ),
      },
      {
        id: 'operation',
        header: t('column.operation'),
        width: '9rem',
        cell: (row) => t(`operation.${row.operation}`, { defaultValue: row.operation }),
      },
      {
        id: 'type',
        header: t('column.type'),
        width: '8rem',
        priority: 'low',
        cell: (row) => t(`type.${row.resource_type}`, { defaultValue: row.resource_type }),
      },
      {
        id: 'resource',
        header: t('column.resource'),
        cell: (row) => (
          <span className={classes.resource} title={row.resource}>
            <SoftBreaks text={shortResource(row.resource)} />
          </span>
        ),
      },
      { id: 'address', header: t('column.address'), width: '9rem', priority: 'low', cell: (row) => row.client_address },
      { id: 'result', header: t('column.result'), width: '8rem', cell: (row) => <Result row={row} /> },
    ],
    [t],
  );
}

/** Opens an entry beside the list it stands in. */
function EntryLink(props: { id: number; children: ReactNode }) {
  return (
    <Link to="." search={mergeSearch({ entry: String(props.id) })} resetScroll={false}>
      {props.children}
    </Link>
  );
}

/** Whether it worked. */
export function Result(props: { row: AuditLogExt }) {
  const { t } = useTranslation('audit');
  const ok = props.row.operation_result;
  const Icon = ok ? IconCheck : IconX;
  return (
    <span className={classes.result} data-failed={!ok || undefined}>
      <Icon size={14} aria-hidden />
      {ok ? t('result.success') : t('result.failure')}
    </span>
  );
}
