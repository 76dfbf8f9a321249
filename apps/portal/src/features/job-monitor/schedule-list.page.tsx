import { getSchedulePaused, listSchedules } from '@moorage/contracts';
import {
  Button,
  type Column,
  DataTable,
  EmptyState,
  Group,
  IconPlayerPause,
  IconPlayerPlay,
  Text,
  TimeAgo,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useQueueAct } from './use-queue-act.ts';
import { useWorkName } from './work-name.ts';

type ScheduleRow = {
  readonly id: number;
  readonly vendor_type: string;
  readonly cron: string;
  readonly update_time: string;
  readonly next_scheduled_time?: string | undefined;
};

/** What recurs, and when next. */
export function ScheduleListPage() {
  const { t } = useTranslation('job-monitor');
  const nameOf = useWorkName();
  const search = useSearch({ from: '/app/signed-in/jobs/schedules' });
  const list = useListView(search, 'id');
  const act = useQueueAct();
  useTitle(t('tab.schedules'), t('title'));
  const paused = useQuery(objectQuery(getSchedulePaused, { params: { job_type: 'all' } })).data?.paused;
  const { data, error, isFetching, refetch } = useLoad(listQuery(listSchedules, { query: list.paging }));
  const columns = useScheduleColumns();
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Text size="sm" c="dimmed">
          {paused === true ? t('schedules.paused') : t('schedules.text')}
        </Text>
        {paused === undefined ? null : (
          <Button
            size="xs"
            variant="default"
            leftSection={paused ? <IconPlayerPlay size={15} aria-hidden /> : <IconPlayerPause size={15} aria-hidden />}
            onClick={() => act('SCHEDULER', paused ? 'resume' : 'pause')}
          >
            {paused ? t('schedules.resumeAll') : t('schedules.pauseAll')}
          </Button>
        )}
      </Group>
      <DataTable<ScheduleRow>
        label={t('tab.schedules')}
        settingsKey="schedules"
        columns={columns}
        rows={data?.rows as readonly ScheduleRow[] | undefined}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => nameOf(row.vendor_type)}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
        empty={<EmptyState title={t('schedules.empty')} text={t('schedules.emptyText')} />}
      />
    </>
  );
}

function useScheduleColumns(): readonly Column<ScheduleRow>[] {
  const { t } = useTranslation('job-monitor');
  const nameOf = useWorkName();
  return useMemo(
    () => [
      { id: 'work', header: t('column.work'), priority: 'key', cell: (row) => nameOf(row.vendor_type) },
      { id: 'cron', header: t('column.cron'), cell: (row) => <code>{row.cron}</code> },
      { id: 'next', header: t('column.next'), cell: (row) => <TimeAgo value={row.next_scheduled_time} /> },
      {
        id: 'changed',
        header: t('column.changed'),
        priority: 'low',
        cell: (row) => <TimeAgo value={row.update_time} />,
      },
    ],
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the names follow the translation
    [t],
  );
}
