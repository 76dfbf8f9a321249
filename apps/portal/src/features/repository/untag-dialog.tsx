import { shortDigest } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { BulkDestroy } from './bulk-destroy.tsx';
import { type RepositoryPlace, type TagOnDigest, useUntag } from './repository.queries.ts';

/** Takes tags off; says that their artifacts stay. */
export function UntagDialog(props: {
  place: RepositoryPlace;
  tags: readonly TagOnDigest[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const untag = useUntag(props.place);
  const count = props.tags.length;
  return (
    <BulkDestroy
      title={t('untag.title', { count })}
      action={t('untag.confirm', { count })}
      consequences={[t('untag.goes', { count }), t('untag.stays')]}
      rows={props.tags.map((tag) => ({ name: tag.name, detail: shortDigest(tag.digest) }))}
      destroy={() => untag.mutateAsync(props.tags)}
      done={t('untag.done', { count })}
      onClose={props.onClose}
      onDone={props.onDone}
    />
  );
}
