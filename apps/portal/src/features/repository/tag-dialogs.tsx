import { lazyPart } from '../../shared/lazy-part.tsx';
import { useProjectIfKnown } from '../../shared/project/project.queries.ts';
import { AddTagDialog } from './add-tag-dialog.tsx';
import type { LabelTarget } from './bulk-label-dialog.tsx';
import { CopyDialog } from './copy-dialog.tsx';
import { RemovalDialog } from './removal-dialog.tsx';
import type { RemovalRequest } from './removal.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';

const BulkLabelDialog = lazyPart(() => import('./bulk-label-dialog.tsx'), 'BulkLabelDialog');

/** What was asked for with tags or artifacts of a repository. */
export type TagTask =
  | { readonly kind: 'add'; readonly digest: string }
  /** `:tag` or `@digest` of what is copied. */
  | { readonly kind: 'copy'; readonly suffix: string }
  | { readonly kind: 'label'; readonly target: LabelTarget }
  | { readonly kind: 'remove'; readonly request: RemovalRequest };

/** The dialog of a task, or nothing. */
export function TagDialogs(props: {
  place: RepositoryPlace;
  task: TagTask | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { place, task, onClose, onDone } = props;
  const projectId = useProjectIfKnown()?.project_id;
  switch (task?.kind) {
    case 'add':
      return <AddTagDialog place={place} digest={task.digest} onClose={onClose} onDone={onDone} />;
    case 'copy':
      return <CopyDialog place={place} suffix={task.suffix} onClose={onClose} onDone={onDone} />;
    case 'label':
      return projectId === undefined ? null : (
        <BulkLabelDialog place={place} projectId={projectId} target={task.target} onClose={onClose} onDone={onDone} />
      );
    case 'remove':
      return <RemovalDialog place={place} request={task.request} onClose={onClose} onDone={onDone} />;
    default:
      return null;
  }
}
