import { listRepositoryTags, type RepositoryTag } from '@moorage/contracts';
import { Button, DataTable, EmptyState, FacetBar, IconTag, IconTrash, useShortcut } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { PushGuide } from '../../shared/commands/push-guide.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { useArrivals } from '../../shared/live/use-arrivals.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useProjectIfKnown } from '../../shared/project/project.queries.ts';
import { tagRowsOf } from './push-event.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';
import type { TagTask } from './tag-dialogs.tsx';
import { useTagActions } from './use-tag-actions.tsx';
import { copyFocusedPull, useTagColumns } from './use-tag-columns.tsx';

const TagDialogs = lazyPart(() => import('./tag-dialogs.tsx'), 'TagDialogs');

/** One row per tag: which version do I take? */
export function TagsView(props: { place: RepositoryPlace }) {
  const { t } = useTranslation('repository');
  const { place } = props;
  const search = useSearch({ from: '/app/projects/$project/r/$repository' });
  const list = useListView(search, '-push_time');
  const project = useProjectIfKnown();
  const { can } = useProjectAccess(project?.project_id);
  const columns = useTagColumns(place);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const [task, setTask] = useState<TagTask | null>(null);
  const actions = useTagActions(place, can, setTask);
  useShortcut('KeyY', () => copyFocusedPull());

  const { data, error, isFetching, dataUpdatedAt, refetch } = useLoad(
    listQuery(listRepositoryTags, {
      params: { project_name: place.project, repository_name: place.repository },
      query: { ...list.paging, q: listQueryText([{ key: 'name', contains: search.q ?? '' }]) },
    }),
  );
  const arrived = useArrivals({
    topics: [`repository:${place.project}/${place.repository}`],
    rowsOf: tagRowsOf,
    nothingShown: data !== undefined && data.rows.length === 0,
    loadedAt: dataUpdatedAt,
    show: refetch,
  });
  const chosen = (data?.rows ?? []).filter((row) => selected.includes(row.name));
  const mayChange = can('tag:delete') || can('artifact:delete');
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
        empty={<NoTags place={place} filtered={search.q !== undefined} mayPush={can('repository:push')} />}
        toolbar={<FacetBar search={{ label: t('tags.search'), value: search.q ?? '', onChange: list.onSearch }} />}
        actions={actions}
        {...(mayChange
          ? { selection: { selected, onChange: setSelected, bar: <BulkButtons rows={chosen} onTask={setTask} /> } }
          : {})}
      />
      {task === null ? null : (
        <TagDialogs
          place={place}
          task={task}
          onClose={() => setTask(null)}
          onDone={() => {
            setTask(null);
            setSelected([]);
          }}
        />
      )}
    </>
  );
}

function BulkButtons(props: { rows: readonly RepositoryTag[]; onTask: (task: TagTask) => void }) {
  const { t } = useTranslation('repository');
  const tags = props.rows.map((row) => ({ name: row.name, digest: row.digest }));
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTag size={15} aria-hidden />}
        onClick={() => props.onTask({ kind: 'untag', tags })}
      >
        {t('tags.untag')}
      </Button>
      <Button
        size="xs"
        color="red"
        variant="outline"
        leftSection={<IconTrash size={15} aria-hidden />}
        onClick={() => props.onTask({ kind: 'delete', digests: [...new Set(tags.map((tag) => tag.digest))] })}
      >
        {t('artifacts.delete')}
      </Button>
    </>
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
