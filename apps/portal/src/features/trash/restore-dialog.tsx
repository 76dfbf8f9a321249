import type { TrashItem } from '@moorage/contracts';
import { Stack, Text, TextSkeleton, toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { RestorationConflicts } from './restoration-conflicts.tsx';
import { NO_WISHES, restorationOf, type RestorationWishes } from './restoration.rules.ts';
import { useRestoration, useRestorationPreview } from './trash.queries.ts';

/** Says what comes back and what is in the way, takes a way round each, and restores. */
export function RestoreDialog(props: { item: TrashItem; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('trash');
  const problem = useProblem();
  const { item } = props;
  const [wishes, setWishes] = useState<RestorationWishes>(NO_WISHES);
  const request = restorationOf(wishes);
  const { data: preview, error } = useRestorationPreview(item, request);
  const restore = useRestoration();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    restore.mutate(
      { item, request },
      {
        onSuccess: (done) => {
          const leftOut = done.left_out.length;
          toast({
            tone: 'success',
            message:
              t(done.is_moving ? 'restore.moving' : 'restore.done', { name: item.title }) +
              (leftOut > 0 ? ` ${t('restore.leftOut', { count: leftOut })}` : ''),
          });
          props.onDone();
        },
      },
    );
  };
  const failure = restore.error ?? error;
  return (
    <FormDialog
      title={t('restore.title', { name: item.title })}
      submitLabel={t('restore.action')}
      busy={restore.isPending}
      failure={failure ? problem.text(failure) : null}
      onClose={props.onClose}
      onSubmit={submit}
    >
      {preview ? (
        <Stack gap="sm">
          <Text size="sm">
            {t('restore.brings', {
              tags: t('tags', { count: preview.tags }),
              artifacts: t('artifacts', { count: preview.artifacts }),
            })}
          </Text>
          <RestorationConflicts preview={preview} wishes={wishes} onChange={setWishes} />
        </Stack>
      ) : error === null ? (
        <TextSkeleton lines={3} />
      ) : null}
    </FormDialog>
  );
}
