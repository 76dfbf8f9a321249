import type { ProjectMember } from '@moorage/contracts';
import { IconUserCog, IconX, type RowAction } from '@moorage/ui';
import { useTranslation } from 'react-i18next';

/** What can be done with a member, and why the rest cannot. */
export function useMemberActions(
  rights: { readonly change: boolean; readonly remove: boolean },
  onRole: (members: readonly ProjectMember[]) => void,
  onRemove: (members: readonly ProjectMember[]) => void,
): (row: ProjectMember) => readonly RowAction[] {
  const { t } = useTranslation('member');
  return (row) => [
    {
      id: 'role',
      label: t('role.action'),
      icon: <IconUserCog size={16} aria-hidden />,
      denied: rights.change ? undefined : t('needsAdmin'),
      onSelect: () => onRole([row]),
    },
    {
      id: 'remove',
      label: t('remove.action'),
      icon: <IconX size={16} aria-hidden />,
      danger: true,
      denied: rights.remove ? undefined : t('needsAdmin'),
      onSelect: () => onRemove([row]),
    },
  ];
}
