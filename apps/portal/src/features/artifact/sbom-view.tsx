import {
  Button,
  type Column,
  DataTable,
  downloadText,
  EmptyState,
  FacetBar,
  Group,
  IconDownload,
  IconPackage,
  Panel,
  Text,
  useUi,
} from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useListView } from '../../shared/list/use-list-view.ts';
import { packagesWith, type SbomPackage, sbomOf } from './sbom.rules.ts';

/** What an artifact is made of, as its newest bill of materials names it; the document itself to download. */
export function SbomView(props: { text: string }) {
  const { t } = useTranslation('artifact');
  const { text: ui } = useUi();
  const search = useSearch({ from: '/app/projects/$project/r/$repository/$reference' });
  const list = useListView(search, '');
  const columns = useColumns();
  const sbom = useMemo(() => sbomOf(props.text), [props.text]);
  const download = (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconDownload size={15} aria-hidden />}
      onClick={() => downloadText('sbom.json', props.text)}
    >
      {ui.actions.download}
    </Button>
  );
  if (sbom === null) {
    return (
      <Panel>
        <EmptyState icon={<IconPackage size={28} />} title={t('sbom.unknown')} text={t('sbom.unknownText')}>
          {download}
        </EmptyState>
      </Panel>
    );
  }
  const { page, pageSize } = list.view;
  const found = packagesWith(sbom.packages, search.q ?? '');
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed">
          {t('sbom.format', { format: sbom.format })}
        </Text>
        {download}
      </Group>
      <DataTable<Row>
        label={t('tab.sbom')}
        settingsKey="sbom"
        columns={columns}
        rows={found.slice((page - 1) * pageSize, page * pageSize).map((row, index) => ({ ...row, place: index }))}
        total={found.length}
        rowKey={(row) => String(row.place)}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        empty={
          search.q === undefined ? (
            <EmptyState icon={<IconPackage size={28} />} title={t('sbom.empty')} text={t('sbom.emptyText')} />
          ) : (
            <EmptyState title={t('sbom.noMatch')} text={t('sbom.noMatchText')} />
          )
        }
        toolbar={
          <FacetBar search={{ label: t('sbom.search'), value: search.q ?? '', onChange: list.onSearch }} facets={[]} />
        }
      />
    </>
  );
}

/** Two packages may say just the same of themselves. */
type Row = SbomPackage & { readonly place: number };

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation('artifact');
  return useMemo(
    () => [
      { id: 'name', header: t('sbom.package'), priority: 'key', cell: (row) => row.name },
      { id: 'version', header: t('dependency.version'), cell: (row) => row.version },
      { id: 'licence', header: t('tab.license'), cell: (row) => row.licence },
      { id: 'kind', header: t('sbom.kind'), priority: 'low', cell: (row) => row.kind },
    ],
    [t],
  );
}
