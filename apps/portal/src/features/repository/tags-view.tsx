import { listRepositoryTags, type RepositoryTag } from '@moorage/contracts';
import { Button, DataTable, EmptyState, IconTags, IconTag, IconTrash, useNow, useShortcut } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { PushGuide } from '../../shared/commands/push-guide.tsx';
import { ButtonLink } from '../../shared/links.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useArrivals } from '../../shared/live/use-arrivals.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useProjectIfKnown } from '../../shared/project/project.queries.ts';
import { tagRowsOf } from './push-event.rules.ts';
import { labelTargetOf, removalOf } from './removal.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';
import type { TagTask } from './tag-dialogs.tsx';
import { TagFacets } from './tag-facets.tsx';
import { isTagFilter, tagConditions, wideConditions } from './tag-filter.rules.ts';
import { useTagActions } from './use-tag-actions.tsx';
import { type TagChoice, useTagSelection } from './use-tag-selection.ts';
import { copyFocusedPull, useTagColumns } from './use-tag-columns.tsx';

const TagDialogs = lazyPart(() => import('./tag-dialogs.tsx'), 'TagDialogs');

/** The page of tags the address asks for. */
function useTagList(place: RepositoryPlace) {
  const search = useSearch({ from: '/app/projects/$project/r/$repository' });
  const list = useListView(search, '-push_time');
  const now = useNow();
  const q = listQueryText(tagConditions(search, now));
  const loaded = useLoad(
    listQuery(listRepositoryTags, {
      params: { project_name: place.project, repository_name: place.repository },
      query: { ...list.paging, q },
    }),
  );
  const arrived = useArrivals({
    topics: [`repository:${place.project}/${place.repository}`],
    rowsOf: tagRowsOf,
    nothingShown: loaded.data !== undefined && loaded.data.rows.length === 0,
    loadedAt: loaded.dataUpdatedAt,
    show: loaded.refetch,
  });
  const facets = (
    <TagFacets
      place={place}
      search={search}
      q={listQueryText(wideConditions(search, now))}
      ready={loaded.data !== undefined}
      onSearch={list.onSearch}
      onFilter={list.onFilter}
    />
  );
  return { ...loaded, list, q, arrived, facets, filtered: isTagFilter(search) };
}

/** One row per tag: which version do I take? */
export function TagsView(props: { place: RepositoryPlace }) {
  const { t } = useTranslation('repository');
  const { place } = props;
  const { can } = useProjectAccess(useProjectIfKnown()?.project_id);
  const { data, error, isFetching, refetch, list, q, arrived, facets, filtered } = useTagList(place);
  const columns = useTagColumns(place);
  const [task, setTask] = useState<TagTask | null>(null);
  const actions = useTagActions(place, can, setTask);
  useShortcut('KeyY', () => copyFocusedPull());
  const selection = useTagSelection(place, { rows: data?.rows, total: data?.total ?? 0, q });
  const mayRemove = can('tag:delete') || can('artifact:delete');
  const mayLabel = can('artifact-label:create');
  const bar = (
    <BulkButtons
      place={place}
      choice={selection.choice}
      may={{ remove: mayRemove, label: mayLabel }}
      onTask={setTask}
    />
  );
  return (
    <>
      <DataTable<RepositoryTag>
        label={t('view.tags')}
        settingsKey="tags"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => row.name}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        arrived={arrived}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={<NoTags place={place} filtered={filtered} mayPush={can('repository:push')} />}
        toolbar={facets}
        actions={actions}
        {...(mayRemove || mayLabel ? { selection: { ...selection, bar } } : {})}
      />
      {task === null ? null : (
        <TagDialogs
          place={place}
          task={task}
          onClose={() => setTask(null)}
          onDone={() => {
            setTask(null);
            selection.clear();
          }}
        />
      )}
    </>
  );
}

function BulkButtons(props: {
  place: RepositoryPlace;
  choice: TagChoice;
  may: { readonly remove: boolean; readonly label: boolean };
  onTask: (task: TagTask) => void;
}) {
  const { t } = useTranslation('repository');
  const { choice, may, onTask } = props;
  return (
    <>
      <CompareLink {...props} />
      {may.label ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconTags size={15} aria-hidden />}
          onClick={() => onTask({ kind: 'label', target: labelTargetOf(choice) })}
        >
          {t('labelling.action')}
        </Button>
      ) : null}
      {may.remove ? <RemovalButtons choice={choice} onTask={onTask} /> : null}
    </>
  );
}

function RemovalButtons(props: { choice: TagChoice; onTask: (task: TagTask) => void }) {
  const { t } = useTranslation('repository');
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTag size={15} aria-hidden />}
        onClick={() => props.onTask({ kind: 'remove', request: removalOf('untag', props.choice) })}
      >
        {t('tags.untag')}
      </Button>
      <Button
        size="xs"
        color="red"
        variant="outline"
        leftSection={<IconTrash size={15} aria-hidden />}
        onClick={() => props.onTask({ kind: 'remove', request: removalOf('delete', props.choice) })}
      >
        {t('artifacts.delete')}
      </Button>
    </>
  );
}

/** Leads to the two chosen tags beside each other, the older push first as it stands in the list. */
function CompareLink(props: { place: RepositoryPlace; choice: TagChoice }) {
  const { t } = useTranslation('repository');
  const { project, repository } = props.place;
  const [first, second, ...rest] = props.choice.tags;
  if (props.choice.matching || first === undefined || second === undefined || rest.length > 0) return null;
  return (
    <ButtonLink
      to="/projects/$project/compare"
      params={{ project }}
      search={{ a: `${project}/${repository}:${second.name}`, b: `${project}/${repository}:${first.name}` }}
      small
    >
      {t('tags.compare')}
    </ButtonLink>
  );
}

function NoTags(props: { place: RepositoryPlace; filtered: boolean; mayPush: boolean }) {
  const { t } = useTranslation('repository');
  if (props.filtered) return <EmptyState title={t('tags.noMatch')} text={t('tags.noMatchText')} />;
  return (
    <EmptyState icon={<IconTag size={28} />} title={t('tags.empty')} text={t('tags.emptyText')} wide={props.mayPush}>
      {props.mayPush ? <PushGuide project={props.place.project} repository={props.place.repository} /> : null}
    </EmptyState>
  );
}
