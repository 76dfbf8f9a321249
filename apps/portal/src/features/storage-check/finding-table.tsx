import { listStorageFindings, type ResponseOf } from '@moorage/contracts';
import {
  Bytes,
  type Column,
  CopyButton,
  DataTable,
  EmptyState,
  FacetBar,
  IconShield,
  shortDigest,
  Text,
} from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Link } from '../../shared/links.tsx';
import { timeColumn } from '../../shared/list/content-columns.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';

type Finding = ResponseOf<typeof listStorageFindings>[number];

const PROBLEMS = ['unknown-object', 'missing-object', 'corrupt-object', 'wrong-size'] as const;
const STATES = ['found', 'quarantined', 'set-aside', 'healed'] as const;

/** What the looks at the storage found wrong, what became of it, and what to do. */
export function FindingTable() {
  const { t } = useTranslation('storage-check');
  const search = useSearch({ from: '/app/signed-in/storage/checks' });
  const list = useListView(search, '-id');
  const columns = useColumns();
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listStorageFindings, {
      query: {
        ...list.paging,
        q: listQueryText([
          { key: 'problem', is: search.problem ?? '' },
          { key: 'state', is: search.state ?? '' },
        ]),
      },
    }),
  );
  const narrowed = search.problem !== undefined || search.state !== undefined;
  return (
    <DataTable<Finding>
      label={t('findings.title')}
      settingsKey="storage-findings"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => String(row.id)}
      rowName={(row) => shortDigest(row.digest)}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('denied')} /> : undefined}
      empty={
        narrowed ? (
          <EmptyState title={t('findings.noMatch')} text={t('findings.noMatchText')} />
        ) : (
          <EmptyState icon={<IconShield size={28} />} title={t('findings.none')} text={t('findings.noneText')} />
        )
      }
      toolbar={
        <FacetBar
          facets={[
            {
              id: 'problem',
              label: t('column.problem'),
              options: PROBLEMS.map((value) => ({ value, label: t(`problem.${value}.name`) })),
              selected: search.problem === undefined ? [] : [search.problem],
              onChange: ([problem]) => list.onFilter({ problem: PROBLEMS.find((name) => name === problem) }),
              single: true,
            },
            {
              id: 'state',
              label: t('column.state'),
              options: STATES.map((value) => ({ value, label: t(`state.${value}`) })),
              selected: search.state === undefined ? [] : [search.state],
              onChange: ([state]) => list.onFilter({ state: STATES.find((name) => name === state) }),
              single: true,
            },
          ]}
        />
      }
    />
  );
}

function useColumns(): readonly Column<Finding>[] {
  const { t } = useTranslation('storage-check');
  return useMemo(
    () => [
      {
        id: 'problem',
        header: t('column.problem'),
        priority: 'key',
        cell: (row) => (
          <div>
            {t(`problem.${row.problem}.name`)}
            <Text size="xs" c="dimmed" fw={400}>
              {t(`problem.${row.problem}.text`)}
            </Text>
          </div>
        ),
      },
      {
        id: 'state',
        header: t('column.state'),
        width: '10rem',
        cell: (row) => {
          const known = STATES.find((state) => state === row.state);
          return known === undefined ? row.state : t(`state.${known}`);
        },
      },
      {
        id: 'digest',
        header: t('column.digest'),
        width: '13rem',
        cell: (row) => (
          <span>
            <code>{shortDigest(row.digest)}</code> <CopyButton value={row.digest} quiet />
          </span>
        ),
      },
      { id: 'size', header: t('column.size'), align: 'end', width: '7rem', cell: (row) => <Bytes value={row.size} /> },
      {
        id: 'repositories',
        header: t('column.repositories'),
        priority: 'low',
        cell: (row) => <Repositories names={row.repositories} />,
      },
      timeColumn('found', t('column.found'), 'creation_time', (row) => row.creation_time),
    ],
    [t],
  );
}

function Repositories(props: { names: readonly string[] }) {
  return (
    <span>
      {props.names.map((name, place) => (
        <span key={name}>
          {place === 0 ? null : ', '}
          <Link to="/projects/$project/r/$repository" params={placeOfRepository(name)}>
            {name}
          </Link>
        </span>
      ))}
    </span>
  );
}
