import { ConfirmDestroy, shortDigest, toast } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { DoomedList } from './doomed-list.tsx';
import { type RepositoryPlace, type TagOnDigest, useUntag } from './repository.queries.ts';

/** Takes tags off; says that their artifacts stay. */
export function UntagDialog(props: {
  place: RepositoryPlace;
  tags: readonly TagOnDigest[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const problem = useProblem();
  const untag = useUntag(props.place);
  const [failure, setFailure] = useState<string | null>(null);
  const count = props.tags.length;
  const confirm = async () => {
    setFailure(null);
    const failed = await untag.mutateAsync(props.tags);
    if (failed.length > 0) {
      setFailure(failed.map((entry) => `${entry.name}: ${problem.text(entry.error)}`).join('\n'));
      return;
    }
    toast({ tone: 'success', message: t('untag.done', { count }) });
    props.onDone();
  };
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('untag.title', { count })}
      action={t('untag.confirm', { count })}
      consequences={[t('untag.goes', { count }), t('untag.stays')]}
      failure={failure}
      onConfirm={confirm}
    >
      <DoomedList rows={props.tags.map((tag) => ({ name: tag.name, detail: shortDigest(tag.digest) }))} />
    </ConfirmDestroy>
  );
}
