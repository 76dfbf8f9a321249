import {
  type Execution,
  getExecution,
  getExecutionTaskLog,
  listExecutionTasks,
  type Task,
  urlOf,
} from '@moorage/contracts';
import {
  Box,
  Button,
  type Column,
  DataTable,
  EmptyState,
  ExactTime,
  Facts,
  Group,
  PageSkeleton,
  Panel,
  SplitColumns,
  toast,
} from '@moorage/ui';
import { useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { isOpen } from '../../shared/job/job-state.rules.ts';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { LogView } from '../../shared/job/log-view.tsx';
import { RunProgress } from '../../shared/job/run-progress.tsx';
import { useRunLive } from '../../shared/job/use-run-live.ts';
import { ButtonLink, Link } from '../../shared/links.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { ListSection } from '../../shared/page/list-section.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useRepeatRun, useStopRun } from './job.queries.ts';
import { OwnFacts, OwnPage } from './run-facts.tsx';
import { useWorkName } from './work-name.ts';

/** A run, live: how far it is, its tasks, and the log of the one that is opened. */
export function RunPage() {
  const { t } = useTranslation('job-monitor');
  const id = Number(useParams({ from: '/app/signed-in/jobs/$executionId' }).executionId);
  const { task } = useSearch({ from: '/app/signed-in/jobs/$executionId' });
  const { data: run, error, refetch } = useLoad(objectQuery(getExecution, { params: { execution_id: id } }));
  useTitle(t('run', { id }));
  useRunLive(run !== undefined && isOpen(run.status) ? id : undefined, 'jobservice');
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  if (run === undefined) return <PageSkeleton />;
  const opened = /^[1-9][0-9]{0,14}$/.test(task ?? '') ? Number(task) : undefined;
  return (
    <SplitColumns
      main={
        <>
          <ListSection title={t('tasks.title')}>
            <TaskTable run={run} />
          </ListSection>
          {opened === undefined ? null : (
            <Panel title={t('tasks.log', { id: opened })}>
              <LogView
                key={opened}
                address={urlOf(getExecutionTaskLog, { execution_id: id, task_id: opened }, {})}
                grows={isOpen(run.status)}
                fileName={`run-${id}-task-${opened}.log`}
              />
            </Panel>
          )}
        </>
      }
      side={
        <Panel title={t('run', { id })}>
          <RunFacts run={run} />
          <Actions run={run} />
        </Panel>
      }
    />
  );
}

function RunFacts(props: { run: Execution }) {
  const { t } = useTranslation('job-monitor');
  const nameOf = useWorkName();
  const { run } = props;
  const {
    task_count: all,
    success_task_count: done,
    error_task_count: failed,
    stopped_task_count: stopped,
  } = run.metrics;
  const ended = done + failed + stopped;
  return (
    <>
      {all > 0 ? (
        <Box mb="xs">
          <RunProgress label={t('progress')} share={ended / all} />
        </Box>
      ) : null}
      <Facts
        rows={[
          { label: t('column.work'), value: nameOf(run.vendor_type) },
          { label: t('column.status'), value: <JobStateBadge status={run.status} /> },
          { label: t('message'), value: run.status_message },
          { label: t('column.tasks'), value: t('tasks.done', { done: ended, all }) },
          { label: t('column.created'), value: <ExactTime value={run.creation_time} /> },
          { label: t('column.duration'), value: <Duration start={run.start_time} end={run.end_time} /> },
          { label: t('column.by'), value: run.created_by },
        ]}
      />
      <OwnFacts run={run} />
    </>
  );
}

function Actions(props: { run: Execution }) {
  const { t } = useTranslation('job-monitor');
  const problem = useProblem();
  const stop = useStopRun();
  const repeat = useRepeatRun();
  const { run } = props;
  const onError = (error: unknown) =>
    toast({ tone: 'problem', title: t('actionFailed'), message: problem.text(error) });
  return (
    <Group gap="xs" mt="md">
      {isOpen(run.status) ? (
        <Button
          size="xs"
          color="red"
          variant="outline"
          loading={stop.isPending}
          onClick={() => stop.mutate(run, { onError })}
        >
          {t('stop.action')}
        </Button>
      ) : (
        <Button
          size="xs"
          variant="default"
          loading={repeat.isPending}
          onClick={() =>
            repeat.mutate(run, {
              onError,
              onSuccess: () => toast({ tone: 'success', message: t('repeat.done') }),
            })
          }
        >
          {t('repeat.action')}
        </Button>
      )}
      <OwnPage run={run} />
      <ButtonLink to="/jobs" search={{ work: run.vendor_type }} small>
        {t('same')}
      </ButtonLink>
    </Group>
  );
}

function TaskTable(props: { run: Execution }) {
  const { t } = useTranslation('job-monitor');
  const search = useSearch({ from: '/app/signed-in/jobs/$executionId' });
  const list = useListView(search, 'id');
  const columns = useTaskColumns(props.run.id);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listExecutionTasks, { params: { execution_id: props.run.id }, query: list.paging }),
  );
  return (
    <DataTable<Task>
      label={t('tasks.title')}
      settingsKey="tasks"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => t('task', { id: row.id })}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
      empty={<EmptyState title={t('tasks.none')} text={t('tasks.noneText')} />}
    />
  );
}

function useTaskColumns(executionId: number): readonly Column<Task>[] {
  const { t } = useTranslation('job-monitor');
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('column.task'),
        sort: 'id',
        priority: 'key',
        cell: (row) => (
          <Link
            to="/jobs/$executionId"
            params={{ executionId: String(executionId) }}
            search={{ task: String(row.id) }}
            resetScroll={false}
          >
            {t('task', { id: row.id })}
          </Link>
        ),
      },
      {
        id: 'status',
        header: t('column.status'),
        sort: 'status',
        cell: (row) => <JobStateBadge status={row.status} />,
      },
      { id: 'tries', header: t('column.tries'), align: 'end', priority: 'low', cell: (row) => row.run_count },
      {
        id: 'duration',
        header: t('column.duration'),
        cell: (row) => <Duration start={row.start_time} end={row.end_time} />,
      },
      { id: 'message', header: t('message'), priority: 'low', cell: (row) => row.status_message },
    ],
    [t, executionId],
  );
}
