import { listTrash } from '@moorage/contracts';
import { Bytes, Button, Count, DeniedState, ExactTime, IconTrash, Metric, Metrics, Stack, TabBar } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { TabLink } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { trashSummaryQuery } from '../../shared/trash/trash.queries.ts';
import { RemovalRunTable } from './removal-run-table.tsx';
import { TrashTable } from './trash-table.tsx';

const EmptyTrashDialog = lazyPart(() => import('./empty-trash-dialog.tsx'), 'EmptyTrashDialog');

/** What was deleted in a project, how long it stays, and how much room it takes. */
export function ProjectTrashPage() {
  const { t } = useTranslation('trash');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/trash' });
  const { can, known } = useProjectAccess(project.project_id);
  useTitle(t('title'), project.name);
  if (known && !can('trash:list')) return <DeniedState text={t('denied')} />;
  return (
    <Stack gap={20}>
      <Views project={project.name} />
      {search.view === 'removals' ? <RemovalRunTable project={project.name} /> : <Contents />}
    </Stack>
  );
}

function Contents() {
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/trash' });
  const { can } = useProjectAccess(project.project_id);
  const [emptying, setEmptying] = useState(false);
  return (
    <>
      <Summary project={project.name} onEmpty={can('trash:delete') ? () => setEmptying(true) : undefined} />
      <TrashTable
        of={project.name}
        search={search}
        source={(query) => listQuery(listTrash, { params: { project_name_or_id: project.name }, query })}
        kinds={['tag', 'artifact', 'repository']}
        withProject={false}
        mayRestore={() => can('trash:update')}
        mayPurge={can('trash:delete')}
      />
      {emptying ? <EmptyTrashDialog project={project.name} onClose={() => setEmptying(false)} /> : null}
    </>
  );
}

function Views(props: { project: string }) {
  const { t } = useTranslation('trash');
  const view = (name: 'removals' | undefined) => ({
    to: '/projects/$project/trash' as const,
    params: { project: props.project },
    search: { view: name },
    activeOptions: { includeSearch: true, explicitUndefined: true },
  });
  return (
    <TabBar label={t('view.label')}>
      <TabLink {...view(undefined)}>{t('view.contents')}</TabLink>
      <TabLink {...view('removals')}>{t('view.removals')}</TabLink>
    </TabBar>
  );
}

function Summary(props: { project: string; onEmpty: (() => void) | undefined }) {
  const { t } = useTranslation('trash');
  const { data } = useLoad(trashSummaryQuery(props.project));
  if (data === undefined) return null;
  return (
    <>
      <Metrics>
        <Metric label={t('summary.items')} value={<Count value={data.items} />} />
        <Metric label={t('summary.bytes')} value={<Bytes value={data.bytes} />} hint={t('summary.bytesHint')} />
        <Metric
          label={t('summary.exclusive')}
          value={<Bytes value={data.exclusive_bytes} />}
          hint={t('summary.exclusiveHint')}
        />
        <Metric
          label={t('summary.days')}
          value={t('summary.daysValue', { count: data.days })}
          hint={
            data.next_expiry === undefined ? undefined : (
              <>
                {t('summary.next')} <ExactTime value={data.next_expiry} />
              </>
            )
          }
        />
      </Metrics>
      {props.onEmpty && data.items > 0 ? (
        <div>
          <Button
            variant="default"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={props.onEmpty}
          >
            {t('emptyAll.action')}
          </Button>
        </div>
      ) : null}
    </>
  );
}
