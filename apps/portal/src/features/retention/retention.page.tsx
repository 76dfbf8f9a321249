import type { ProjectRetention } from '@moorage/contracts';
import {
  Button,
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
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { timingOf } from '../../shared/job/cron.rules.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { ButtonLink } from '../../shared/links.tsx';
import { ListSection } from '../../shared/page/list-section.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { draftsOf } from './retention-draft.rules.ts';
import { policyQuery, useExportLifecycle, useStartRun } from './retention.queries.ts';
import classes from './retention.module.css';
import { RuleWords } from './rule-words.tsx';

const RunTable = lazyPart(() => import('./run-table.tsx'), 'RunTable');
const RunDialog = lazyPart(() => import('./run-dialog.tsx'), 'RunDialog');

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
      <ListSection title={t('runs.title')}>
        <RunTable />
      </ListSection>
    </>
  );
}

function NoPolicy() {
  const { t } = useTranslation('retention');
  const project = useProject();
  const { can } = useProjectAccess(project.project_id);
  return (
    <EmptyState icon={<IconClock size={28} />} title={t('empty')} text={t('emptyText')}>
      {can('tag-retention:update') ? <EditLink project={project.name} label={t('builder.start')} /> : null}
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
  const { can } = useProjectAccess(project.project_id);
  const drafts = draftsOf(props.policy.rules);
  return (
    <Panel
      title={t('title')}
      actions={can('tag-retention:update') ? <EditLink project={project.name} label={t('builder.edit')} /> : null}
    >
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
        <RunDialog
          project={props.project}
          onClose={() => setAsking(false)}
          onStarted={(id) => {
            setAsking(false);
            go(id);
          }}
        />
      ) : null}
    </Group>
  );
}
