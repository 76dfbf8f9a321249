import { listRepositoryTagHistory, type TagMove } from '@moorage/contracts';
import { type Column, DataTable, EmptyState, FacetBar, IconHistory, type RowAction, shortDigest } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useProjectIfKnown } from '../../shared/project/project.queries.ts';
import { RowLink } from '../../shared/row-link.tsx';
import type { RepositoryPlace } from './repository.queries.ts';
import { revertsOf, type TagRevert } from './revert.rules.ts';
import classes from './tag-cell.module.css';

const RevertDialog = lazyPart(() => import('./revert-dialog.tsx'), 'RevertDialog');

/** Every move of every tag: from which digest to which, by whom; and the way back. */
export function ActivityView(props: { place: RepositoryPlace }) {
  const { t } = useTranslation('repository');
  const { place } = props;
  const search = useSearch({ from: '/app/projects/$project/r/$repository' });
  const list = useListView(search, '-id');
  const { can } = useProjectAccess(useProjectIfKnown()?.project_id);
  const columns = useMoveColumns(place);
  const [revert, setRevert] = useState<TagRevert | null>(null);
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listRepositoryTagHistory, {
      params: { project_name: place.project, repository_name: place.repository },
      query: {
        ...list.paging,
        q: listQueryText([
          { key: 'tag', is: search.tag ?? '' },
          { key: 'tag', contains: search.q ?? '' },
        ]),
      },
    }),
  );
  const actions = (row: TagMove): RowAction[] =>
    revertsOf(row).map((way) => ({
      id: way.id,
      label: t(`activity.${way.id}`, { tag: row.tag, digest: shortDigest(way.digest) }),
      icon: <IconHistory size={16} aria-hidden />,
      denied: can('repository:push') ? (way.gone ? t(`activity.${way.gone}`) : undefined) : t('needs.developer'),
      onSelect: () => setRevert({ tag: row.tag, digest: way.digest }),
    }));
  return (
    <>
      <DataTable<TagMove>
        label={t('view.activity')}
        settingsKey="tag-moves"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => row.tag}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} /> : undefined}
        empty={
          search.q === undefined && search.tag === undefined ? (
            <EmptyState icon={<IconHistory size={28} />} title={t('activity.empty')} text={t('activity.emptyText')} />
          ) : (
            <EmptyState title={t('tags.noMatch')} text={t('tags.noMatchText')} />
          )
        }
        toolbar={
          <FacetBar
            search={{ label: t('tags.search'), value: search.q ?? '', onChange: list.onSearch }}
            chips={
              search.tag === undefined
                ? []
                : [
                    {
                      label: `${t('column.tag')}: ${search.tag}`,
                      remove: () => list.onFilter({ tag: undefined }),
                    },
                  ]
            }
          />
        }
        actions={actions}
      />
      {revert ? <RevertDialog place={place} revert={revert} onClose={() => setRevert(null)} /> : null}
    </>
  );
}

const OPERATIONS = ['push', 'tag', 'copy', 'revert', 'restore', 'replication', 'delete', 'retention', 'trash'] as const;

function useMoveColumns(place: RepositoryPlace): readonly Column<TagMove>[] {
  const { t } = useTranslation('repository');
  return useMemo(
    () => [
      {
        id: 'tag',
        header: t('column.tag'),
        priority: 'key',
        width: '12rem',
        cell: (row) => (
          <RowLink
            to="/projects/$project/r/$repository"
            params={{ ...place }}
            search={{ view: 'activity', tag: row.tag }}
            className={classes.link}
          >
            {row.tag}
          </RowLink>
        ),
      },
      {
        id: 'operation',
        header: t('activity.what'),
        width: '13rem',
        cell: (row) => {
          const known = OPERATIONS.find((operation) => operation === row.operation);
          return known ? t(`activity.operation.${known}`) : row.operation;
        },
      },
      {
        id: 'from',
        header: t('activity.before'),
        width: '9rem',
        cell: (row) => <Version place={place} digest={row.old_digest} />,
      },
      {
        id: 'to',
        header: t('activity.after'),
        width: '9rem',
        cell: (row) => <Version place={place} digest={row.new_digest} />,
      },
      timeColumn('time', t('activity.when'), 'id', (row) => row.time),
      { id: 'by', header: t('activity.by'), width: '9rem', cell: (row) => row.by },
      { id: 'address', header: t('activity.address'), width: '9rem', priority: 'low', cell: (row) => row.from ?? '' },
    ],
    [t, place],
  );
}

function Version(props: { place: RepositoryPlace; digest: string | undefined }) {
  const { digest, place } = props;
  if (digest === undefined) return <span className={classes.dim}>–</span>;
  return (
    <RowLink to="/projects/$project/r/$repository/$reference" params={{ ...place, reference: digest }} title={digest}>
      <code>{shortDigest(digest)}</code>
    </RowLink>
  );
}
