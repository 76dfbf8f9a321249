import { listArtifacts } from '@moorage/contracts';
import { shortDigest, useUi } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { BulkDestroy } from './bulk-destroy.tsx';
import { type RepositoryPlace, useDeleteArtifacts } from './repository.queries.ts';

/** Deletes artifacts. Names every tag that goes with them and how many bytes that is. */
export function ArtifactDeleteDialog(props: {
  place: RepositoryPlace;
  digests: readonly string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const ui = useUi();
  const remove = useDeleteArtifacts(props.place);
  const count = props.digests.length;
  const { data, error } = useQuery({
    ...listQuery(listArtifacts, {
      params: { project_name: props.place.project, repository_name: props.place.repository },
      query: {
        page_size: 100,
        with_accessory: true,
        q: listQueryText([
          { key: 'digest', oneOf: props.digests },
          { key: 'base', is: '*' },
        ]),
      },
    }),
    staleTime: 0,
  });
  const rows = data?.rows ?? [];
  const tags = rows.reduce((sum, row) => sum + (row.tags?.length ?? 0), 0);
  const accessories = rows.reduce((sum, row) => sum + (row.accessories?.length ?? 0), 0);
  const size = rows.reduce((sum, row) => sum + row.size, 0);

  return (
    <BulkDestroy
      title={t('artifacts.deleteTitle', { count })}
      action={t('artifacts.deleteConfirm', { count })}
      consequences={[
        t('delete.tags', { count: tags }),
        ...(accessories > 0 ? [t('artifacts.accessories', { count: accessories })] : []),
        t('artifacts.freed', { size: ui.bytes(size) }),
        t('delete.final'),
      ]}
      rows={data?.rows.map((row) => ({
        name: shortDigest(row.digest),
        detail: (row.tags ?? []).map((tag) => tag.name).join(', ') || t('artifacts.untagged'),
      }))}
      error={error}
      destroy={async () =>
        (await remove.mutateAsync(props.digests)).map((entry) => ({ ...entry, name: shortDigest(entry.name) }))
      }
      done={t('artifacts.deleted', { count })}
      onClose={props.onClose}
      onDone={props.onDone}
    />
  );
}
