import type { ProjectPermission, RepositoryTag } from '@moorage/contracts';
import { IconCopy, IconHistory, IconTag, IconTrash, type RowAction, useAnnounce, useUi, copyText } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { referenceOf } from '../../shared/commands/image-commands.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';
import type { TagTask } from './tag-dialogs.tsx';

/** What can be done with a tag, and why the rest cannot. */
export function useTagActions(
  place: RepositoryPlace,
  can: (permission: ProjectPermission) => boolean,
  onTask: (task: TagTask) => void,
): (row: RepositoryTag) => readonly RowAction[] {
  const { t } = useTranslation('repository');
  const navigate = useNavigate();
  const copies = useCopyActions(place);
  return (row) => [
    ...copies(row),
    {
      id: 'history',
      label: t('tags.history'),
      icon: <IconHistory size={16} aria-hidden />,
      onSelect: () =>
        void navigate({
          to: '/projects/$project/r/$repository',
          params: { ...place },
          search: { view: 'activity', tag: row.name },
        }),
    },
    {
      id: 'add',
      label: t('tags.add'),
      icon: <IconTag size={16} aria-hidden />,
      denied: can('tag:create') ? undefined : t('needs.developer'),
      onSelect: () => onTask({ kind: 'add', digest: row.digest }),
    },
    {
      id: 'copy',
      label: t('copy.action'),
      icon: <IconCopy size={16} aria-hidden />,
      onSelect: () => onTask({ kind: 'copy', suffix: `:${row.name}` }),
    },
    {
      id: 'untag',
      label: t('tags.untag'),
      icon: <IconTag size={16} aria-hidden />,
      danger: true,
      denied: row.immutable ? t('tags.isImmutable') : can('tag:delete') ? undefined : t('needs.maintainer'),
      onSelect: () => onTask({ kind: 'remove', request: { mode: 'untag', tags: [row.name] } }),
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

/** The ways to copy the name of a tag. */
function useCopyActions(place: RepositoryPlace): (row: RepositoryTag) => readonly RowAction[] {
  const { t } = useTranslation('repository');
  const { text } = useUi();
  const announce = useAnnounce();
  const registry = useRegistryPlace();
  const repository = `${place.project}/${place.repository}`;
  const copy = (value: string) =>
    void copyText(value).then((done) => announce(done ? text.actions.copied : text.actions.copyFailed));
  const icon = <IconCopy size={16} aria-hidden />;

  return (row) => [
    {
      id: 'copy-tag',
      label: t('tags.copyReference'),
      icon,
      onSelect: () => copy(referenceOf(registry, { repository, tag: row.name })),
    },
    {
      id: 'copy-digest',
      label: t('tags.copyDigestReference'),
      icon,
      onSelect: () => copy(referenceOf(registry, { repository, digest: row.digest })),
    },
    {
      id: 'copy-both',
      label: t('tags.copyBoth'),
      icon,
      onSelect: () => copy(referenceOf(registry, { repository, tag: row.name, digest: row.digest })),
    },
  ];
}
