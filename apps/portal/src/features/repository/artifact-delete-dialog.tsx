import { listArtifacts } from '@moorage/contracts';
import { ConfirmDestroy, shortDigest, TextSkeleton, toast, useUi } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { DoomedList } from './doomed-list.tsx';
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
  const problem = useProblem();
  const remove = useDeleteArtifacts(props.place);
  const [failure, setFailure] = useState<string | null>(null);
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

  const confirm = async () => {
    setFailure(null);
    const failed = await remove.mutateAsync(props.digests);
    if (failed.length > 0) {
      setFailure(failed.map((entry) => `${shortDigest(entry.name)}: ${problem.text(entry.error)}`).join('\n'));
      return;
    }
    toast({ tone: 'success', message: t('artifacts.deleted', { count }) });
    props.onDone();
  };
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('artifacts.deleteTitle', { count })}
      action={t('artifacts.deleteConfirm', { count })}
      blocked={data === undefined && !error ? 'checking' : undefined}
      consequences={[
        t('delete.tags', { count: tags }),
        ...(accessories > 0 ? [t('artifacts.accessories', { count: accessories })] : []),
        t('artifacts.freed', { size: ui.bytes(size) }),
        t('delete.final'),
      ]}
      failure={failure ?? (error ? problem.text(error) : null)}
      onConfirm={confirm}
    >
      {data === undefined ? (
        <TextSkeleton lines={3} />
      ) : (
        <DoomedList
          rows={rows.map((row) => ({
            name: shortDigest(row.digest),
            detail: (row.tags ?? []).map((tag) => tag.name).join(', ') || t('artifacts.untagged'),
          }))}
        />
      )}
    </ConfirmDestroy>
  );
}
