import { getProjectQuota, listRepositories, type ProjectSummary } from '@moorage/contracts';
import {
  Bytes,
  CardGrid,
  Count,
  EmptyState,
  IconBox,
  Meter,
  Metric,
  Metrics,
  Panel,
  SplitColumns,
  Stack,
  Text,
  TextSkeleton,
  TimeAgo,
  useUi,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { PushGuide } from '../../shared/commands/push-guide.tsx';
import { CardLink, Link } from '../../shared/links.tsx';
import { useLoad } from '../../shared/api/use-load.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { projectSummaryQuery, useProject } from '../../shared/project/project.queries.ts';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { MembersByRole } from './members-by-role.tsx';

const RECENT = 6;

/** Is the project healthy, and what moved last? An empty one says how to fill it. */
export function ProjectOverviewPage() {
  const { t } = useTranslation('project');
  const project = useProject();
  const { can } = useProjectAccess(project.project_id);
  const summary = useLoad(projectSummaryQuery(project.name));
  useTitle(project.name);

  if (summary.error) return <PageProblem error={summary.error} onRetry={summary.refetch} />;
  if (summary.data?.repo_count === 0) {
    return (
      <Panel>
        <EmptyState icon={<IconBox size={28} />} title={t('overview.empty')} text={t('overview.emptyText')} wide>
          {can('repository:push') ? (
            <PushGuide project={project.name} />
          ) : (
            <Text ta="center">{t('overview.mayNotPush')}</Text>
          )}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Stack gap={20}>
      <Numbers name={project.name} withQuota={can('quota:read')} />
      <SplitColumns
        main={<Recent name={project.name} />}
        side={
          <>
            {can('member:list') ? <MembersByRole name={project.name} summary={summary.data} /> : null}
            {can('repository:push') ? (
              <Panel title={t('overview.push')}>
                <PushGuide project={project.name} brief />
              </Panel>
            ) : null}
          </>
        }
      />
    </Stack>
  );
}

function Numbers(props: { name: string; withQuota: boolean }) {
  const { t } = useTranslation('project');
  const { data: summary } = useQuery(projectSummaryQuery(props.name));
  const wait = '–';
  return (
    <Metrics>
      <Metric label={t('column.repositories')} value={summary ? <Count value={summary.repo_count} /> : wait} />
      <Metric
        label={t('overview.artifacts')}
        value={summary ? <Count value={summary.artifact_count ?? 0} /> : wait}
        hint={summary ? t('overview.tags', { count: summary.tag_count ?? 0 }) : undefined}
      />
      {summary?.quota === undefined ? null : (
        <StorageMetric project={props.name} quota={summary.quota} withTrash={props.withQuota} />
      )}
      <Metric label={t('column.lastPush')} value={<TimeAgo value={summary?.last_push_time} />} />
    </Metrics>
  );
}

/** What the project holds, of how much it may, and how much of it lies in the trash. */
function StorageMetric(props: { project: string; quota: NonNullable<ProjectSummary['quota']>; withTrash: boolean }) {
  const { t } = useTranslation('project');
  const ui = useUi();
  const { data } = useQuery({
    ...objectQuery(getProjectQuota, { params: { project_name_or_id: props.project }, query: { days: 1 } }),
    enabled: props.withTrash,
  });
  const used = props.quota.used.storage;
  const limit = props.quota.hard.storage;
  return (
    <Metric
      label={t('column.storage')}
      value={<Bytes value={used} />}
      hint={
        <>
          {limit < 0 ? (
            t('storage.noLimit')
          ) : (
            <>
              {t('storage.of', { limit: ui.bytes(limit) })}
              <Meter
                label={t('column.storage')}
                value={used}
                max={limit}
                text={t('storage.ofLimit', { used: ui.bytes(used), limit: ui.bytes(limit) })}
              />
            </>
          )}
          {data === undefined || data.trash_storage === 0 ? null : (
            <div>{t('storage.inTrash', { bytes: ui.bytes(data.trash_storage) })}</div>
          )}
        </>
      }
    />
  );
}

function Recent(props: { name: string }) {
  const { t } = useTranslation('project');
  const { data, error, refetch } = useLoad(
    listQuery(listRepositories, {
      params: { project_name: props.name },
      query: { page_size: RECENT, sort: '-last_push_time' },
    }),
  );
  return (
    <Panel
      title={t('overview.recent')}
      actions={
        <Link to="/projects/$project/repositories" params={{ project: props.name }}>
          {t('overview.all')}
        </Link>
      }
    >
      {error ? <PageProblem error={error} onRetry={refetch} /> : null}
      {data === undefined && !error ? <TextSkeleton lines={4} /> : null}
      <CardGrid>
        {(data?.rows ?? []).map((repository) => (
          <CardLink
            key={repository.id}
            to="/projects/$project/r/$repository"
            params={placeOfRepository(repository.name)}
          >
            <Text fw={600} truncate>
              {placeOfRepository(repository.name).repository}
            </Text>
            <Text size="sm" c="dimmed">
              {t('overview.tags', { count: repository.tag_count ?? 0 })} · <TimeAgo value={repository.last_push_time} />
            </Text>
          </CardLink>
        ))}
      </CardGrid>
    </Panel>
  );
}
