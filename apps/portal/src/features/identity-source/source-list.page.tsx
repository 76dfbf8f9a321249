import type { IdentitySource } from '@moorage/contracts';
import {
  Badge,
  Button,
  type Column,
  ConfirmDestroy,
  DataTable,
  DeniedState,
  EmptyState,
  IconBan,
  IconCheck,
  IconChevronDown,
  IconPencil,
  IconPlayerPlay,
  IconPlus,
  IconShieldLock,
  IconTrash,
  Menu,
  type RowAction,
  Text,
  toast,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Link } from '../../shared/links.tsx';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { sourceListQuery, useDeleteSource, useSetSourceEnabled } from './identity-source.queries.ts';
import { KINDS } from './source-fields.rules.ts';

/** Where people's identities come from, beside the accounts of the local database. */
export function SourceListPage() {
  const { t } = useTranslation('identity-source');
  const admin = useIsAdmin();
  useTitle(t('title'));
  if (!admin) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}
      </Text>
      <SourceTable />
    </>
  );
}

function SourceTable() {
  const { t } = useTranslation('identity-source');
  const search = useSearch({ from: '/app/signed-in/settings/auth' });
  const list = useListView(search, 'position');
  const columns = useColumns();
  const [ending, setEnding] = useState<IdentitySource | null>(null);
  const actions = useSourceActions(setEnding);
  const { data, error, isFetching, refetch } = useQuery(sourceListQuery(list.paging));
  return (
    <>
      <DataTable<IdentitySource>
        label={t('title')}
        settingsKey="identity-sources"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} /> : undefined}
        empty={
          <EmptyState icon={<IconShieldLock size={28} />} title={t('empty')} text={t('emptyText')}>
            <AddMenu />
          </EmptyState>
        }
        toolbar={<AddMenu />}
        actions={actions}
      />
      {ending === null ? null : <DeleteDialog source={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function AddMenu() {
  const { t } = useTranslation('identity-source');
  const navigate = useNavigate();
  return (
    <Menu width={300}>
      <Menu.Target>
        <Button
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t('add')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.map((kind) => (
          <Menu.Item key={kind} onClick={() => void navigate({ to: '/settings/auth/new', search: { kind } })}>
            {t(`kind.${kind}.name`)}
            <Text size="xs" c="dimmed">
              {t(`kind.${kind}.text`)}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useSourceActions(onDelete: (source: IdentitySource) => void): (row: IdentitySource) => readonly RowAction[] {
  const { t } = useTranslation('identity-source');
  const problem = useProblem();
  const navigate = useNavigate();
  const setEnabled = useSetSourceEnabled();
  return (row) => [
    {
      id: 'edit',
      label: t('edit'),
      icon: <IconPencil size={16} aria-hidden />,
      onSelect: () => void navigate({ to: '/settings/auth/$sourceId', params: { sourceId: String(row.id) } }),
    },
    {
      id: 'enabled',
      label: row.enabled ? t('disable') : t('enable'),
      icon: row.enabled ? <IconBan size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />,
      onSelect: () =>
        setEnabled.mutate(
          { id: row.id, enabled: !row.enabled },
          { onError: (error) => toast({ tone: 'problem', title: t('changeFailed'), message: problem.text(error) }) },
        ),
    },
    {
      id: 'delete',
      label: t('delete.action'),
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      onSelect: () => onDelete(row),
    },
  ];
}

function DeleteDialog(props: { source: IdentitySource; onClose: () => void }) {
  const { t } = useTranslation('identity-source');
  const problem = useProblem();
  const remove = useDeleteSource();
  const { id, name } = props.source;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="typed"
      name={name}
      title={t('delete.title', { name })}
      action={t('delete.action')}
      consequences={[t('delete.goes'), t('delete.stays')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(id);
        toast({ tone: 'success', message: t('delete.done', { name }) });
        props.onClose();
      }}
    />
  );
}

function useColumns(): readonly Column<IdentitySource>[] {
  const { t } = useTranslation('identity-source');
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.name'),
        sort: 'name',
        priority: 'key',
        cell: (row) => (
          <Link to="/settings/auth/$sourceId" params={{ sourceId: String(row.id) }}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'kind',
        header: t('column.kind'),
        sort: 'kind',
        width: '14rem',
        cell: (row) => t(`kind.${row.kind}.name`),
      },
      {
        id: 'address',
        header: t('column.address'),
        priority: 'low',
        cell: (row) => row.oidc?.endpoint ?? row.ldap?.url ?? row.auth_proxy?.endpoint ?? '',
      },
      {
        id: 'state',
        header: t('column.state'),
        width: '9rem',
        cell: (row) => (
          <Badge
            color={row.enabled ? 'green' : 'gray'}
            leftSection={row.enabled ? <IconCheck size={12} aria-hidden /> : <IconBan size={12} aria-hidden />}
          >
            {row.enabled ? t('state.on') : t('state.off')}
          </Badge>
        ),
      },
      {
        id: 'position',
        header: t('column.position'),
        sort: 'position',
        align: 'end',
        width: '7rem',
        cell: (row) => row.position,
      },
    ],
    [t],
  );
}
