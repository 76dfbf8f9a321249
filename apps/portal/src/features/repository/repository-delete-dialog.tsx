import type { Repository } from '@moorage/contracts';
import { ConfirmDestroy, toast } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { DoomedList } from './doomed-list.tsx';
import { useDeleteRepositories } from './repository.queries.ts';

/** Names the repositories that go and what they hold. One alone also asks for its name. */
export function RepositoryDeleteDialog(props: {
  project: string;
  names: readonly string[];
  /** The rows known of them, for the counts. */
  rows: readonly Repository[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const problem = useProblem();
  const remove = useDeleteRepositories(props.project);
  const [failure, setFailure] = useState<string | null>(null);
  const rows = props.rows.filter((row) => props.names.includes(placeOfRepository(row.name).repository));
  const count = props.names.length;
  const artifacts = rows.reduce((sum, row) => sum + row.artifact_count, 0);
  const tags = rows.reduce((sum, row) => sum + (row.tag_count ?? 0), 0);
  const [single = ''] = props.names;

  const confirm = async () => {
    setFailure(null);
    const failed = await remove.mutateAsync(props.names);
    if (failed.length === 0) {
      toast({ tone: 'success', message: t('delete.done', { count }) });
      props.onDone();
      return;
    }
    setFailure(failed.map((entry) => `${entry.name}: ${problem.text(entry.error)}`).join('\n'));
  };
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier={count === 1 ? 'typed' : 'content'}
      name={single}
      title={t('delete.title', { count })}
      action={t('delete.confirm', { count })}
      consequences={[t('delete.artifacts', { count: artifacts }), t('delete.tags', { count: tags }), t('delete.final')]}
      failure={failure}
      onConfirm={confirm}
    >
      <DoomedList
        rows={props.names.map((name) => {
          const row = rows.find((entry) => placeOfRepository(entry.name).repository === name);
          return { name, detail: row ? t('delete.rowTags', { count: row.tag_count ?? 0 }) : '' };
        })}
      />
    </ConfirmDestroy>
  );
}
