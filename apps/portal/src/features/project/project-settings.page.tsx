import { Button, DeniedState, FormSection, Group, Panel, Switch, Text, toast, useUi } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useTitle } from '../../shared/page/use-title.ts';
import { projectSummaryQuery, useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { ProjectQuotaForm } from './project-quota-form.tsx';
import { useSetVisibility } from './project.queries.ts';
import { TrashDaysForm } from './trash-days-form.tsx';

const ProjectDeleteDialog = lazyPart(() => import('./project-delete-dialog.tsx'), 'ProjectDeleteDialog');

/** Visibility, storage and the end of a project. Who may only read sees why the rest is off. */
export function ProjectSettingsPage() {
  const { t } = useTranslation('project');
  const project = useProject();
  const access = useProjectAccess(project.project_id);
  useTitle(t('settings.title'), project.name);
  if (access.known && !access.can('configuration:read')) return <DeniedState text={t('settings.denied')} />;
  const mayChange = access.can('project:update');
  const days = project.metadata.trash_days === undefined ? null : Number(project.metadata.trash_days);
  return (
    <>
      {access.known && !mayChange ? (
        <Text c="dimmed" size="sm">
          {t('settings.readOnly')}
        </Text>
      ) : null}
      <FormSection title={t('visibility.label')} description={t('settings.visibilityText')}>
        <VisibilitySwitch mayChange={mayChange} />
      </FormSection>
      <FormSection title={t('column.storage')} description={t('settings.storageText')}>
        <Storage />
      </FormSection>
      <FormSection title={t('tab.trash')} description={t('settings.trashText')}>
        <TrashDaysForm key={days ?? ''} project={project.name} days={days} mayChange={mayChange} />
      </FormSection>
      {access.can('project:delete') ? (
        <FormSection title={t('settings.danger')} description={t('settings.dangerText')}>
          <DangerZone />
        </FormSection>
      ) : null}
    </>
  );
}

function VisibilitySwitch(props: { mayChange: boolean }) {
  const { t } = useTranslation('project');
  const project = useProject();
  const problem = useProblem();
  const change = useSetVisibility(project.name);
  const isPublic = change.isPending ? change.variables : project.metadata.public === 'true';
  return (
    <Switch
      label={t('settings.public')}
      description={isPublic ? t('visibility.publicHelp') : t('visibility.privateHelp')}
      checked={isPublic}
      disabled={!props.mayChange}
      error={change.error ? problem.text(change.error) : undefined}
      onChange={(event) => {
        const next = event.currentTarget.checked;
        change.mutate(next, {
          onSuccess: () =>
            toast({ tone: 'success', message: next ? t('settings.nowPublic') : t('settings.nowPrivate') }),
        });
      }}
    />
  );
}

function Storage() {
  const { t } = useTranslation('project');
  const ui = useUi();
  const project = useProject();
  const admin = useIsAdmin();
  const { data: summary } = useQuery(projectSummaryQuery(project.name));
  const quota = summary?.quota;
  if (quota === undefined) return null;
  const text =
    quota.hard.storage < 0
      ? t('storage.usedNoLimit', { used: ui.bytes(quota.used.storage) })
      : t('storage.ofLimit', { used: ui.bytes(quota.used.storage), limit: ui.bytes(quota.hard.storage) });
  return (
    <>
      <Text>{text}</Text>
      {admin ? (
        <ProjectQuotaForm key={quota.hard.storage} projectId={project.project_id} limit={quota.hard.storage} />
      ) : (
        <Text size="sm" c="dimmed">
          {t('settings.storageByAdmin')}
        </Text>
      )}
    </>
  );
}

function DangerZone() {
  const { t } = useTranslation('project');
  const project = useProject();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  return (
    <Panel tone="danger">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{t('delete.action')}</Text>
          <Text size="sm" c="dimmed">
            {t('delete.text')}
          </Text>
        </div>
        <Button color="red" variant="outline" onClick={() => setDeleting(true)}>
          {t('delete.action')}
        </Button>
      </Group>
      {deleting ? (
        <ProjectDeleteDialog
          project={project.name}
          onClose={() => setDeleting(false)}
          onDeleted={() => void navigate({ to: '/projects' })}
        />
      ) : null}
    </Panel>
  );
}
