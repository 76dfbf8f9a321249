import { type Column, Count } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { Link } from '../../shared/links.tsx';

export interface TaskRow {
  readonly id: number;
  readonly repository: string;
  readonly status: string;
  readonly total: number;
  readonly retained: number;
  readonly start_time?: string | undefined;
  readonly end_time?: string | undefined;
}

/** The repositories of a run. */
export function useTaskColumns(project: string, run: number): readonly Column<TaskRow>[] {
  const { t } = useTranslation('retention');
  return useMemo(
    () => [
      {
        id: 'repository',
        header: t('column.repository'),
        priority: 'key',
        cell: (row) => (
          <Link
            to="/projects/$project/policies/retention/runs/$runId"
            params={{ project, runId: String(run) }}
            search={{ task: String(row.id) }}
            resetScroll={false}
          >
            {row.repository || t('runs.run', { id: run })}
          </Link>
        ),
      },
      { id: 'status', header: t('runs.status'), cell: (row) => <JobStateBadge status={row.status} /> },
      { id: 'total', header: t('runs.total'), align: 'end', cell: (row) => <Count value={row.total} /> },
      { id: 'kept', header: t('runs.kept'), align: 'end', cell: (row) => <Count value={row.retained} /> },
      {
        id: 'duration',
        header: t('runs.duration'),
        priority: 'low',
        cell: (row) => <Duration start={row.start_time} end={row.end_time} />,
      },
    ],
    [t, project, run],
  );
}
