import { AddTagDialog } from './add-tag-dialog.tsx';
import { ArtifactDeleteDialog } from './artifact-delete-dialog.tsx';
import { CopyDialog } from './copy-dialog.tsx';
import type { RepositoryPlace, TagOnDigest } from './repository.queries.ts';
import { UntagDialog } from './untag-dialog.tsx';

/** What was asked for with tags or artifacts of a repository. */
export type TagTask =
  | { readonly kind: 'add'; readonly digest: string }
  /** `:tag` or `@digest` of what is copied. */
  | { readonly kind: 'copy'; readonly suffix: string }
  | { readonly kind: 'untag'; readonly tags: readonly TagOnDigest[] }
  | { readonly kind: 'delete'; readonly digests: readonly string[] };

/** The dialog of a task, or nothing. */
export function TagDialogs(props: {
  place: RepositoryPlace;
  task: TagTask | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { place, task, onClose, onDone } = props;
  switch (task?.kind) {
    case 'add':
      return <AddTagDialog place={place} digest={task.digest} onClose={onClose} onDone={onDone} />;
    case 'copy':
      return <CopyDialog place={place} suffix={task.suffix} onClose={onClose} onDone={onDone} />;
    case 'untag':
      return <UntagDialog place={place} tags={task.tags} onClose={onClose} onDone={onDone} />;
    case 'delete':
      return <ArtifactDeleteDialog place={place} digests={task.digests} onClose={onClose} onDone={onDone} />;
    default:
      return null;
  }
}
