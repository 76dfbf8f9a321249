import {
  getRetentionRun,
  getRetentionRunTaskLog,
  listRetentionRunTasks,
  type RetentionRun,
  urlOf,
} from '@moorage/contracts';
import {
  Alert,
  Button,
  DataTable,
  EmptyState,
  ExactTime,
  Facts,
  Group,
  IconAlertTriangle,
  PageSkeleton,
  Panel,
  SplitColumns,
  toast,
  useUi,
} from '@moorage/ui';
import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { isOpen, jobStateOf } from '../../shared/job/job-state.rules.ts';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { LogView } from '../../shared/job/log-view.tsx';
import { useRunLive } from '../../shared/job/use-run-live.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { ListSection } from '../../shared/page/list-section.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { DecidedTotals } from './decided-totals.tsx';
import { useOperateRun } from './retention.queries.ts';
import { type TaskRow, useTaskColumns } from './use-task-columns.tsx';

const FROM = '/app/projects/$project/policies/retention/runs/$runId';

/** A run of the retention, live: what it decided, what it removed, repository by repository. */
export function RetentionRunPage() {
  const { t } = useTranslation('retention');
  const project = useProject();
  const id = Number(useParams({ from: FROM }).runId);
  const { task } = useSearch({ from: FROM });
  const params = { project_name_or_id: project.name, run_id: id };
  const { data: run, error, refetch } = useLoad(objectQuery(getRetentionRun, { params }));
  useTitle(t('runs.run', { id }), project.name);
  useRunLive(run !== undefined && isOpen(run.status) ? id : undefined, 'Retention');
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  if (run === undefined) return <PageSkeleton />;
  const opened = /^[1-9][0-9]{0,14}$/.test(task ?? '') ? Number(task) : undefined;
  return (
    <>
      {jobStateOf(run.status) === 'Waiting' ? <Waiting run={run} project={project.name} /> : null}
      <SplitColumns
        main={
          <>
            {run.totals === undefined ? null : <DecidedTotals totals={run.totals} />}
            <ListSection title={t('runs.tasks')}>
              <TaskTable run={run} project={project.name} />
            </ListSection>
            {opened === undefined ? null : (
              <Panel title={t('runs.log')}>
                <LogView
                  key={opened}
                  address={urlOf(getRetentionRunTaskLog, { ...params, task_id: opened }, {})}
                  grows={isOpen(run.status)}
                  fileName={`retention-${id}-${opened}.log`}
                />
              </Panel>
            )}
          </>
        }
        side={<RunFacts run={run} project={project.name} />}
      />
    </>
  );
}

function Waiting(props: { run: RetentionRun; project: string }) {
  const { t } = useTranslation('retention');
  const ui = useUi();
  const operate = useOperate(props.project, props.run.id);
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('waiting.title')} mb="md">
      <p>{t('waiting.text', { share: ui.number(Math.round((props.run.share ?? 0) * 10) / 10) })}</p>
      {operate.may ? (
        <Group gap="xs">
          <Button size="xs" color="red" loading={operate.busy} onClick={() => operate.act('confirm')}>
            {t('waiting.confirm')}
          </Button>
          <Button size="xs" variant="default" onClick={() => operate.act('drop')}>
            {t('waiting.drop')}
          </Button>
        </Group>
      ) : null}
    </Alert>
  );
}

function useOperate(project: string, run: number) {
  const { t } = useTranslation('retention');
  const problem = useProblem();
  const { can } = useProjectAccess(useProject().project_id);
  const operate = useOperateRun(project, run);
  return {
    may: can('tag-retention:operate'),
    busy: operate.isPending,
    act: (action: 'stop' | 'confirm' | 'drop') =>
      operate.mutate(action, {
        onSuccess: () => toast({ tone: 'success', message: t(`operated.${action}`) }),
        onError: (error) => toast({ tone: 'problem', title: t('run.failed'), message: problem.text(error) }),
      }),
  };
}

function RunFacts(props: { run: RetentionRun; project: string }) {
  const { t } = useTranslation('retention');
  const { run } = props;
  const operate = useOperate(props.project, run.id);
  return (
    <Panel title={t('runs.run', { id: run.id })}>
      <Facts
        rows={[
          { label: t('runs.kind'), value: run.dry_run ? t('run.dry') : t('run.real') },
          { label: t('runs.status'), value: <JobStateBadge status={run.status} /> },
          { label: t('runs.message'), value: run.status_message },
          {
            label: t('runs.removed'),
            value:
              !run.dry_run &&
              run.removed &&
              t('runs.removedText', { tags: run.removed.tags, artifacts: run.removed.artifacts }),
          },
          { label: t('runs.created'), value: <ExactTime value={run.creation_time} /> },
          { label: t('runs.duration'), value: <Duration start={run.start_time} end={run.end_time} /> },
          { label: t('runs.by'), value: run.created_by },
          { label: t('runs.confirmedBy'), value: run.confirmed_by },
        ]}
      />
      {operate.may && isOpen(run.status) ? (
        <Group mt="md">
          <Button size="xs" color="red" variant="outline" loading={operate.busy} onClick={() => operate.act('stop')}>
            {t('runs.stop')}
          </Button>
        </Group>
      ) : null}
    </Panel>
  );
}

function TaskTable(props: { run: RetentionRun; project: string }) {
  const { t } = useTranslation('retention');
  const search = useSearch({ from: FROM });
  const list = useListView(search, 'id');
  const columns = useTaskColumns(props.project, props.run.id);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listRetentionRunTasks, {
      params: { project_name_or_id: props.project, run_id: props.run.id },
      query: list.paging,
    }),
  );
  return (
    <DataTable<TaskRow>
      label={t('runs.tasks')}
      settingsKey="retention-tasks"
      columns={columns}
      rows={data?.rows as readonly TaskRow[] | undefined}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => row.repository}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
      empty={<EmptyState title={t('runs.noTasks')} text={t('runs.noTasksText')} />}
    />
  );
}
