import { ConfirmDestroy, offerUndo, TextSkeleton, toast, useUi } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useRemoval, useRemovalPreview, useStartRemoval, useUndoRemoval } from './removal.queries.ts';
import { RemovalList } from './removal-list.tsx';
import { type RemovalPreview, type RemovalRequest, surprises, takesLong } from './removal.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';

/** More items than this are restored in the trash, where one sees what conflicts. */
const UNDO_AT_MOST = 20;

/** Shows what a removal takes along, what stays and why, and until when it can be taken back; then does it. */
export function RemovalDialog(props: {
  place: RepositoryPlace;
  request: RemovalRequest;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation(['repository', 'ui']);
  const ui = useUi();
  const { place, request, onDone } = props;
  const { data, error } = useRemovalPreview(place, request);
  const navigate = useNavigate({ from: '/projects/$project/r/$repository' });
  const onRun = (removal: number) => {
    void navigate({ search: (before) => ({ ...before, removal }), replace: true, resetScroll: false });
    onDone();
  };
  const { confirm, failure } = useConfirmation({ place, request, preview: data, onRun, onDone });
  const problem = useProblem();
  const count = request.mode === 'untag' ? (data?.tags ?? 0) : (data?.artifacts ?? 0);
  const nothing = data !== undefined && count === 0;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t(`removal.${request.mode}.title`)}
      action={t(`removal.${request.mode}.confirm`, { count })}
      blocked={error !== null || nothing ? 'impossible' : data === undefined ? 'checking' : undefined}
      consequences={data === undefined || nothing ? [] : consequencesOf(t, ui, request.mode, data)}
      failure={failure ?? (error === null ? null : problem.text(error))}
      onConfirm={confirm}
    >
      {data ? <RemovalList preview={data} /> : error === null ? <TextSkeleton lines={4} /> : null}
    </ConfirmDestroy>
  );
}

function consequencesOf(
  t: TFunction<['repository', 'ui']>,
  ui: ReturnType<typeof useUi>,
  mode: RemovalRequest['mode'],
  preview: RemovalPreview,
): string[] {
  const until = preview.expires_at === null ? '' : ui.dateTime(new Date(preview.expires_at));
  return [
    ...(preview.truncated ? [t('removal.truncated', { selected: preview.selected })] : []),
    mode === 'untag' ? t('untag.goes', { count: preview.tags }) : t('delete.tags', { count: preview.tags }),
    ...(mode === 'untag' ? [t('untag.stays')] : []),
    ...(preview.bytes_freed > 0 ? [t('removal.freed', { size: ui.bytes(preview.bytes_freed) })] : []),
    ...(preview.pulled_recently_total > 0
      ? [
          t('removal.pulled', {
            count: preview.pulled_recently_total,
            names: preview.pulled_recently
              .slice(0, 3)
              .map((row) => row.name || row.digest.slice(0, 19))
              .join(', '),
          }),
        ]
      : []),
    preview.trash_days > 0 ? t('removal.trash', { until }) : t('delete.final'),
  ];
}

/** Removes, tells what stayed unexpectedly, and offers to take a small removal back. */
function useConfirmation(props: {
  place: RepositoryPlace;
  request: RemovalRequest;
  preview: RemovalPreview | undefined;
  /** It goes on in the background, as the run of this id. */
  onRun: (id: number) => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const { place, request, preview } = props;
  const problem = useProblem();
  const remove = useRemoval(place);
  const start = useStartRemoval(place);
  const undo = useUndoRemoval(place.project);
  const [failure, setFailure] = useState<string | null>(null);
  const confirm = async () => {
    setFailure(null);
    try {
      if (takesLong(request.mode === 'untag' ? (preview?.tags ?? 0) : (preview?.artifacts ?? 0))) {
        props.onRun((await start.mutateAsync(request)).id);
        return;
      }
      const done = await remove.mutateAsync(request);
      const unexpected = surprises(
        done.kept.filter((row) => row.asked),
        preview?.stays ?? [],
      );
      if (unexpected.length > 0) {
        setFailure(unexpected.map((row) => `${row.name || row.digest.slice(0, 19)}: ${row.text}`).join('\n'));
        return;
      }
      const count = request.mode === 'untag' ? done.removed_tags : done.removed_artifacts;
      const message = t(`removal.${request.mode}.done`, { count });
      const items = done.trash_items;
      if (items.length === 0 || items.length > UNDO_AT_MOST) toast({ tone: 'success', message });
      else {
        offerUndo({
          message,
          undo: t('removal.undo'),
          onUndo: () =>
            undo.mutate(items, {
              onSuccess: () => toast({ tone: 'success', message: t('removal.undone') }),
              onError: (reason) => toast({ tone: 'problem', message: problem.text(reason) }),
            }),
        });
      }
      props.onDone();
    } catch (reason) {
      setFailure(problem.text(reason));
    }
  };
  return { confirm, failure };
}
