import { listKeptBlobs, type ResponseOf } from '@moorage/contracts';
import {
  type Column,
  CopyButton,
  DataTable,
  DeniedState,
  EmptyState,
  ExactTime,
  FacetBar,
  IconDatabase,
  shortDigest,
  Text,
} from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { ButtonLink, Link } from '../../shared/links.tsx';
import { sizeColumn } from '../../shared/list/content-columns.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';

type KeptBlob = ResponseOf<typeof listKeptBlobs>[number];

const KEEP_REASONS = ['manifest', 'trash', 'lease', 'unneeded'] as const;

/** Every blob of a project, why it is kept and when it goes. */
export function KeptBlobsPage() {
  const { t } = useTranslation('quota');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/storage/blobs' });
  const list = useListView(search, '-size');
  const columns = useColumns(project.name);
  const { can, known } = useProjectAccess(project.project_id);
  const allowed = can('artifact:delete');
  useTitle(t('kept.title'), project.name);
  const typed = search.q ?? '';
  const byDigest = /^sha\d{3}:/.test(typed);
  const { data, error, isFetching, refetch } = useLoad({
    ...listQuery(listKeptBlobs, {
      params: { project_name_or_id: project.name },
      query: {
        ...list.paging,
        q: listQueryText([
          { key: byDigest ? 'digest' : 'repository_name', contains: typed },
          { key: 'reason', is: search.reason ?? '' },
        ]),
      },
    }),
    enabled: allowed,
  });
  if (known && !allowed) return <DeniedState text={t('kept.denied')} />;
  const narrowed = typed !== '' || search.reason !== undefined;
  return (
    <DataTable<KeptBlob>
      label={t('kept.title')}
      settingsKey="kept-blobs"
      columns={columns}
      rows={data?.rows}
      total={data?.total}
      rowKey={(row) => row.digest}
      rowName={(row) => shortDigest(row.digest)}
      view={list.view}
      onView={list.onView}
      busy={isFetching}
      problem={error ? <PageProblem error={error} onRetry={refetch} denied={t('kept.denied')} /> : undefined}
      empty={
        <EmptyState
          icon={<IconDatabase size={28} />}
          title={narrowed ? t('kept.noMatch') : t('kept.nothing')}
          text={narrowed ? t('kept.noMatchText') : t('kept.nothingText')}
        />
      }
      toolbar={
        <FacetBar
          search={{ label: t('kept.search'), value: typed, onChange: list.onSearch }}
          facets={[
            {
              id: 'reason',
              label: t('kept.why'),
              options: KEEP_REASONS.map((value) => ({ value, label: t(`kept.reason.${value}.name`) })),
              selected: search.reason === undefined ? [] : [search.reason],
              onChange: ([reason]) => list.onFilter({ reason: KEEP_REASONS.find((name) => name === reason) }),
              single: true,
            },
          ]}
        >
          <ButtonLink to="/projects/$project/storage" params={{ project: project.name }} small>
            {t('kept.back')}
          </ButtonLink>
        </FacetBar>
      }
    />
  );
}

function useColumns(project: string): readonly Column<KeptBlob>[] {
  const { t } = useTranslation('quota');
  return useMemo(
    () => [
      {
        id: 'digest',
        header: t('kept.digest'),
        sort: 'digest',
        priority: 'key',
        width: '13rem',
        cell: (row) => (
          <span>
            <code>{shortDigest(row.digest)}</code> <CopyButton value={row.digest} quiet />
          </span>
        ),
      },
      sizeColumn<KeptBlob>(t('kept.size')),
      {
        id: 'reason',
        header: t('kept.why'),
        sort: 'reason',
        cell: (row) => (
          <span>
            {t(`kept.reason.${row.reason}.name`)} <Needer row={row} project={project} />
          </span>
        ),
      },
      {
        id: 'goes',
        header: t('kept.goes'),
        cell: (row) =>
          row.kept_until === undefined ? (
            `${t(`kept.reason.${row.reason}.goes`)}${row.reason === 'unneeded' ? ` ${t('kept.unscheduled')}` : ''}`
          ) : (
            <span>
              {row.reason === 'unneeded' ? t('kept.reason.unneeded.goes') : t('kept.notBefore')}{' '}
              <ExactTime value={row.kept_until} />
            </span>
          ),
      },
      {
        id: 'repository',
        header: t('kept.repository'),
        priority: 'low',
        cell: (row) =>
          row.repository_name === undefined ? (
            '–'
          ) : (
            <Link to="/projects/$project/r/$repository" params={placeOfRepository(row.repository_name)}>
              {placeOfRepository(row.repository_name).repository}
            </Link>
          ),
      },
    ],
    [t, project],
  );
}

/** What needs the blob: an artifact, or something in the trash. */
function Needer(props: { row: KeptBlob; project: string }) {
  const { t } = useTranslation('quota');
  const { row } = props;
  if (row.artifact_digest !== undefined && row.repository_name !== undefined) {
    return (
      <Text size="xs" span display="block">
        <Link
          to="/projects/$project/r/$repository/$reference"
          params={{ ...placeOfRepository(row.repository_name), reference: row.artifact_digest }}
          search={{}}
        >
          {shortDigest(row.artifact_digest)}
        </Link>
      </Text>
    );
  }
  if (row.trash_item_id === undefined) return null;
  return (
    <Text size="xs" span display="block">
      <Link to="/projects/$project/trash" params={{ project: props.project }} search={{}}>
        {t('kept.trash')}
      </Link>
    </Text>
  );
}
