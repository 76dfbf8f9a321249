import { type Artifact, listArtifacts } from '@moorage/contracts';
import { DataTable, EmptyState, FacetBar, IconStack2 } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { type Condition, listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useArrivals } from '../../shared/live/use-arrivals.ts';
import { useOfferedLabels } from '../../shared/marks/marks.queries.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useProjectIfKnown } from '../../shared/project/project.queries.ts';
import { artifactRowsOf } from './push-event.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';
import type { RepositorySearch } from './repository-search.ts';
import type { TagTask } from './tag-dialogs.tsx';
import { useArtifactActions } from './use-artifact-actions.tsx';
import { useArtifactColumns } from './use-artifact-columns.tsx';

const LabelPicker = lazyPart(() => import('../../shared/marks/label-picker.tsx'), 'LabelPicker');
const TagDialogs = lazyPart(() => import('./tag-dialogs.tsx'), 'TagDialogs');

/** One row per manifest: what is stored, tagged or not? */
export function ArtifactsView(props: { place: RepositoryPlace }) {
  const { t } = useTranslation('repository');
  const { place } = props;
  const search = useSearch({ from: '/app/projects/$project/r/$repository' });
  const list = useListView(search, '-push_time');
  const project = useProjectIfKnown();
  const { can } = useProjectAccess(project?.project_id);
  const columns = useArtifactColumns(place);
  const [task, setTask] = useState<TagTask | null>(null);
  const [labelling, setLabelling] = useState<Artifact | null>(null);
  const actions = useArtifactActions(can, setTask, setLabelling);

  const { data, error, isFetching, dataUpdatedAt, refetch } = useLoad(
    listQuery(listArtifacts, {
      params: { project_name: place.project, repository_name: place.repository },
      query: { ...list.paging, with_accessory: true, with_label: true, q: listQueryText(conditionsOf(search)) },
    }),
  );
  const arrived = useArrivals({
    topics: [`repository:${place.project}/${place.repository}`],
    rowsOf: (event) => artifactRowsOf(event, search.tagged),
    nothingShown: data !== undefined && data.rows.length === 0,
    loadedAt: dataUpdatedAt,
    show: refetch,
  });
  const filtered = search.q !== undefined || search.tagged !== undefined || search.labels !== undefined;
  return (
    <>
      <DataTable<Artifact>
        label={t('view.artifacts')}
        settingsKey="artifacts"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => row.digest}
        rowName={(row) => row.digest}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        arrived={arrived}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={<NoArtifacts filtered={filtered} />}
        toolbar={
          <ArtifactFacets
            projectId={project?.project_id}
            search={search}
            onSearch={list.onSearch}
            onFilter={list.onFilter}
          />
        }
        actions={actions}
      />
      {labelling === null || project === undefined ? null : (
        <LabelPicker
          projectId={project.project_id}
          places={[{ ...place, reference: labelling.digest }]}
          present={labelling.labels ?? []}
          onClose={() => setLabelling(null)}
          onDone={() => setLabelling(null)}
        />
      )}
      {task === null ? null : (
        <TagDialogs place={place} task={task} onClose={() => setTask(null)} onDone={() => setTask(null)} />
      )}
    </>
  );
}

function NoArtifacts(props: { filtered: boolean }) {
  const { t } = useTranslation('repository');
  if (props.filtered) return <EmptyState title={t('artifacts.noMatch')} text={t('artifacts.noMatchText')} />;
  return <EmptyState icon={<IconStack2 size={28} />} title={t('artifacts.empty')} text={t('artifacts.emptyText')} />;
}

function ArtifactFacets(props: {
  projectId: number | undefined;
  search: RepositorySearch;
  onSearch: (q: string) => void;
  onFilter: (patch: Partial<RepositorySearch>) => void;
}) {
  const { t } = useTranslation('repository');
  const { search, onFilter } = props;
  const { labels } = useOfferedLabels(props.projectId);
  return (
    <FacetBar
      search={{ label: t('artifacts.search'), value: search.q ?? '', onChange: props.onSearch }}
      facets={[
        {
          id: 'tagged',
          label: t('artifacts.tagged'),
          single: true,
          options: [
            { value: 'tagged', label: t('artifacts.withTag') },
            { value: 'untagged', label: t('artifacts.untagged') },
          ],
          selected: search.tagged ? [search.tagged] : [],
          onChange: ([value]) => onFilter({ tagged: value as RepositorySearch['tagged'] }),
        },
        {
          id: 'labels',
          label: t('artifacts.label'),
          options: labels.map((label) => ({ value: String(label.id), label: label.name })),
          selected: labelIds(search),
          onChange: (ids) => onFilter({ labels: ids.length === 0 ? undefined : ids.join(',') }),
        },
      ]}
    />
  );
}

/** `tags=*` and `tags=nil` are the API's words for tagged and untagged (QRY-2). */
function conditionsOf(search: RepositorySearch): Condition[] {
  return [
    { key: 'digest', contains: search.q ?? '' },
    { key: 'labels', allOf: labelIds(search) },
    ...(search.tagged === undefined ? [] : [{ key: 'tags', is: search.tagged === 'tagged' ? '*' : 'nil' }]),
  ];
}

/** The ids of the address; what is no id is left out. */
function labelIds(search: RepositorySearch): string[] {
  return (search.labels ?? '').split(',').filter((id) => /^[1-9][0-9]{0,8}$/.test(id));
}
