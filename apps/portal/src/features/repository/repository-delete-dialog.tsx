import type { Repository } from '@moorage/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { trashSummaryQuery } from '../../shared/trash/trash.queries.ts';
import { BulkDestroy } from './bulk-destroy.tsx';
import { useDeleteRepositories } from './repository.queries.ts';

/** Names the repositories that go and what they hold. One alone also asks for its name. */
export function RepositoryDeleteDialog(props: {
  project: string;
  names: readonly string[];
  /** The rows known of them and others, for the counts. */
  rows: readonly Repository[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const remove = useDeleteRepositories(props.project);
  const { data: summary } = useQuery(trashSummaryQuery(props.project));
  const known = new Map(props.rows.map((row) => [placeOfRepository(row.name).repository, row]));
  const rows = props.names.flatMap((name) => known.get(name) ?? []);
  const count = props.names.length;
  const artifacts = rows.reduce((sum, row) => sum + row.artifact_count, 0);
  const tags = rows.reduce((sum, row) => sum + (row.tag_count ?? 0), 0);
  const [single = ''] = props.names;

  return (
    <BulkDestroy
      typed={count === 1 ? single : undefined}
      title={t('delete.title', { count })}
      action={t('delete.confirm', { count })}
      consequences={[
        t('delete.artifacts', { count: artifacts }),
        t('delete.tags', { count: tags }),
        summary && summary.days > 0 ? t('delete.trash', { count: summary.days }) : t('delete.final'),
      ]}
      rows={props.names.map((name) => {
        const row = known.get(name);
        return { name, detail: row ? t('delete.rowTags', { count: row.tag_count ?? 0 }) : '' };
      })}
      destroy={() => remove.mutateAsync(props.names)}
      done={t('delete.done', { count })}
      onClose={props.onClose}
      onDone={props.onDone}
    />
  );
}
