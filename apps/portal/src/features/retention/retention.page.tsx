import { listRetentionRuns, type ProjectRetention, type RetentionRun } from '@moorage/contracts';
import {
  Button,
  type Column,
  ConfirmDestroy,
  DataTable,
  DeniedState,
  downloadText,
  EmptyState,
  ExactTime,
  Facts,
  Group,
  IconClock,
  PageSkeleton,
  Panel,
  SplitColumns,
  Text,
  toast,
} from '@moorage/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { timingOf } from '../../shared/job/cron.rules.ts';
import { isOpen } from '../../shared/job/job-state.rules.ts';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { useRunLive } from '../../shared/job/use-run-live.ts';
import { ButtonLink, Link } from '../../shared/links.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { draftsOf } from './retention-draft.rules.ts';
import { policyQuery, useExportLifecycle, useStartRun } from './retention.queries.ts';
import classes from './retention.module.css';
import { RuleWords } from './rule-words.tsx';

/** What a project keeps and what goes: the rules as sentences, the schedule, and the runs. */
export function RetentionPage() {
  const { t } = useTranslation('retention');
  const project = useProject();
  const { can, known } = useProjectAccess(project.project_id);
  const allowed = can('tag-retention:read');
  const { data: policy, error, refetch } = useLoad({ ...policyQuery(project.name), enabled: allowed });
  useTitle(t('title'), project.name);
  if (!known) return <PageSkeleton />;
  if (!allowed) return <DeniedState text={t('denied')} />;
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  if (policy === undefined) return <PageSkeleton />;
  if (policy === null) return <NoPolicy />;
  return (
    <>
      <SplitColumns main={<Rules policy={policy} />} side={<Timing policy={policy} />} />
      <Panel title={t('runs.title')} flush>
        <RunTable />
      </Panel>
    </>
  );
}

function NoPolicy() {
  const { t } = useTranslation('retention');
  const project = useProject();
  return (
    <EmptyState icon={<IconClock size={28} />} title={t('empty')} text={t('emptyText')}>
      <EditLink project={project.name} label={t('builder.start')} />
    </EmptyState>
  );
}

function EditLink(props: { project: string; label: string }) {
  return (
    <ButtonLink
      to="/projects/$project/policies/retention/edit"
      params={{ project: props.project }}
      search={{}}
      look="primary"
      small
    >
      {props.label}
    </ButtonLink>
  );
}

function Rules(props: { policy: ProjectRetention }) {
  const { t } = useTranslation('retention');
  const project = useProject();
  const drafts = draftsOf(props.policy.rules);
  return (
    <Panel title={t('title')} actions={<EditLink project={project.name} label={t('builder.edit')} />}>
      {drafts.length === 0 ? <Text c="dimmed">{t('noRules')}</Text> : null}
      <ol className={classes.rules} style={{ gap: 0 }}>
        {drafts.map((rule) => (
          <li key={rule.key} className={classes.sentence}>
            {rule.name === '' ? null : <Text fw={600}>{rule.name}</Text>}
            <RuleWords rule={rule} />
          </li>
        ))}
      </ol>
      <Text size="sm" c="dimmed" mt="sm">
        {t('safe')}
      </Text>
    </Panel>
  );
}

function Timing(props: { policy: ProjectRetention }) {
  const { t } = useTranslation(['retention', 'job']);
  const project = useProject();
  const { can } = useProjectAccess(project.project_id);
  const problem = useProblem();
  const write = useExportLifecycle(project.name);
  const { policy } = props;
  const timing = timingOf(policy.cron);
  return (
    <Panel title={t('schedule')}>
      <Facts
        rows={[
          { label: t('schedule'), value: timing === 'Custom' ? <code>{policy.cron}</code> : t(`job:timing.${timing}`) },
          { label: t('next'), value: policy.next_run_time ? <ExactTime value={policy.next_run_time} /> : null },
          { label: t('unit.label'), value: t(`unit.${policy.unit}`) },
          {
            label: t('confirmShare.label'),
            value: policy.confirm_share === null ? t('confirmShare.setting') : `${policy.confirm_share} %`,
          },
        ]}
      />
      {can('tag-retention:operate') ? <RunButtons project={project.name} /> : null}
      <Group mt="xs">
        <Button
          size="xs"
          variant="default"
          loading={write.isPending}
          onClick={() =>
            write.mutate(undefined, {
              onSuccess: ({ lifecycle_policy, notes }) => {
                downloadText(`${project.name}-lifecycle-policy.json`, `${JSON.stringify(lifecycle_policy, null, 2)}\n`);
                const message = notes.map((note) => `${note.path}: ${note.text}`).join('\n');
                toast({ tone: notes.length > 0 ? 'info' : 'success', message: message || t('ecr.written') });
              },
              onError: (error) => toast({ tone: 'problem', title: t('ecr.failed'), message: problem.text(error) }),
            })
          }
        >
          {t('ecr.write')}
        </Button>
      </Group>
    </Panel>
  );
}

function RunButtons(props: { project: string }) {
  const { t } = useTranslation('retention');
  const problem = useProblem();
  const navigate = useNavigate();
  const start = useStartRun(props.project);
  const [asking, setAsking] = useState(false);
  const go = (id: number) => {
    if (!Number.isInteger(id)) return;
    void navigate({
      to: '/projects/$project/policies/retention/runs/$runId',
      params: { project: props.project, runId: String(id) },
      search: {},
    });
  };
  return (
    <Group gap="xs" mt="md">
      <Button
        size="xs"
        variant="default"
        loading={start.isPending && !asking}
        onClick={() =>
          start.mutate(true, {
            onSuccess: go,
            onError: (error) => toast({ tone: 'problem', title: t('run.failed'), message: problem.text(error) }),
          })
        }
      >
        {t('run.dry')}
      </Button>
      <Button size="xs" color="red" variant="outline" onClick={() => setAsking(true)}>
        {t('run.now')}
      </Button>
      {asking ? (
        <ConfirmDestroy
          opened
          onClose={() => setAsking(false)}
          tier="content"
          title={t('run.title')}
          action={t('run.now')}
          consequences={[t('run.goes'), t('run.kept'), t('run.waits')]}
          failure={start.error ? problem.text(start.error) : null}
          onConfirm={async () => {
            const id = await start.mutateAsync(false);
            setAsking(false);
            go(id);
          }}
        />
      ) : null}
    </Group>
  );
}

function RunTable() {
  const { t } = useTranslation('retention');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/policies/retention' });
  const list = useListView(search, '-id');
  const columns = useRunColumns(project.name);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listRetentionRuns, { params: { project_name_or_id: project.name }, query: list.paging }),
  );
  useRunLive(data?.rows.find((row) => isOpen(row.status))?.id, 'Retention');
  return (
    <DataTable<RetentionRun>
      label={t('runs.title')}
      settingsKey="retention-runs"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => t('runs.run', { id: row.id })}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={<EmptyState title={t('runs.empty')} text={t('runs.emptyText')} />}
    />
  );
}

function useRunColumns(project: string): readonly Column<RetentionRun>[] {
  const { t } = useTranslation('retention');
  return useMemo(
    () => [
      {
        id: 'id',
        header: t('runs.column'),
        sort: 'id',
        sortsDown: true,
        priority: 'key',
        cell: (row) => (
          <Link
            to="/projects/$project/policies/retention/runs/$runId"
            params={{ project, runId: String(row.id) }}
            search={{}}
          >
            {t('runs.run', { id: row.id })}
          </Link>
        ),
      },
      { id: 'kind', header: t('runs.kind'), cell: (row) => (row.dry_run ? t('run.dry') : t('run.real')) },
      { id: 'status', header: t('runs.status'), cell: (row) => <JobStateBadge status={row.status} /> },
      {
        id: 'removed',
        header: t('total.tags'),
        align: 'end',
        cell: (row) => (row.dry_run ? row.totals?.tags_deleted : row.removed?.tags) ?? '–',
      },
      { ...timeColumn<RetentionRun>('created', t('runs.created'), '', (row) => row.creation_time), sort: undefined },
      {
        id: 'duration',
        header: t('runs.duration'),
        priority: 'low',
        cell: (row) => <Duration start={row.start_time} end={row.end_time} />,
      },
      { id: 'by', header: t('runs.by'), priority: 'low', cell: (row) => row.created_by },
    ],
    [t, project],
  );
}
