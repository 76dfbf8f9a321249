import type { Artifact, ProjectPermission } from '@moorage/contracts';
import { IconCopy, IconTag, IconTags, IconTrash, type RowAction } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import type { TagTask } from './tag-dialogs.tsx';

/** What can be done with an artifact, and why the rest cannot. */
export function useArtifactActions(
  can: (permission: ProjectPermission) => boolean,
  onTask: (task: TagTask) => void,
  onLabel: (artifact: Artifact) => void,
): (row: Artifact) => readonly RowAction[] {
  const { t } = useTranslation('repository');
  return (row) => [
    {
      id: 'add',
      label: t('tags.add'),
      icon: <IconTag size={16} aria-hidden />,
      denied: can('tag:create') ? undefined : t('needs.developer'),
      onSelect: () => onTask({ kind: 'add', digest: row.digest }),
    },
    {
      id: 'labels',
      label: t('artifacts.labels'),
      icon: <IconTags size={16} aria-hidden />,
      denied: can('artifact-label:create') ? undefined : t('needs.developer'),
      onSelect: () => onLabel(row),
    },
    {
      id: 'copy',
      label: t('copy.action'),
      icon: <IconCopy size={16} aria-hidden />,
      onSelect: () => onTask({ kind: 'copy', suffix: `@${row.digest}` }),
    },
    {
      id: 'delete',
      label: t('artifacts.delete'),
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      denied: can('artifact:delete') ? undefined : t('needs.maintainer'),
      onSelect: () => onTask({ kind: 'remove', request: { mode: 'delete', digests: [row.digest] } }),
    },
  ];
}
