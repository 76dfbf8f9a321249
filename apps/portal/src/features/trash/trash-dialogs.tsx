import type { TrashItem } from '@moorage/contracts';
import { PurgeDialog } from './purge-dialog.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { RestoreProjectDialog } from './restore-project-dialog.tsx';
import { RestoreManyDialog } from './restore-many-dialog.tsx';

/** What was asked for with deleted things. */
export type TrashTask =
  | { readonly kind: 'restore'; readonly item: TrashItem }
  | { readonly kind: 'restore-many'; readonly items: readonly TrashItem[] }
  | { readonly kind: 'purge'; readonly items: readonly TrashItem[] };

/** The dialog of a task. */
export function TrashDialogs(props: { task: TrashTask; onClose: () => void; onDone: () => void }) {
  const { task, onClose, onDone } = props;
  switch (task.kind) {
    case 'restore':
      return task.item.kind === 'project' ? (
        <RestoreProjectDialog item={task.item} onClose={onClose} onDone={onDone} />
      ) : (
        <RestoreDialog item={task.item} onClose={onClose} onDone={onDone} />
      );
    case 'restore-many':
      return <RestoreManyDialog items={task.items} onClose={onClose} onDone={onDone} />;
    case 'purge':
      return <PurgeDialog items={task.items} onClose={onClose} onDone={onDone} />;
  }
}
