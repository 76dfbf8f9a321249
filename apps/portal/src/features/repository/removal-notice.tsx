import { Alert, Group } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isOpen } from '../../shared/job/job-state.rules.ts';
import { useRunLive } from '../../shared/job/use-run-live.ts';

import { ButtonLink } from '../../shared/links.tsx';
import { newestRemovalQuery } from './removal.queries.ts';
import { RemovalRunDialog } from './removal-run-dialog.tsx';
import type { RepositoryPlace } from './repository.queries.ts';

const FROM = '/projects/$project/r/$repository';

/** Tells that a deletion goes on in the background, with the way to it; and shows the one that the address names. */
export function RemovalNotice(props: { place: RepositoryPlace }) {
  const { t } = useTranslation('repository');
  const { place } = props;
  const { removal } = useSearch({ from: '/app/projects/$project/r/$repository' });
  const navigate = useNavigate({ from: FROM });
  const { data } = useQuery(newestRemovalQuery(place));
  const run = data?.rows[0];
  const open = run !== undefined && isOpen(run.status);
  useRunLive(open ? run.id : undefined, 'removal');
  const follow = (id: number | undefined) =>
    void navigate({ search: (before) => ({ ...before, removal: id }), replace: true, resetScroll: false });
  if (removal !== undefined) {
    return <RemovalRunDialog place={place} id={removal} onRun={follow} onClose={() => follow(undefined)} />;
  }
  if (!open) return null;
  return (
    <Alert color="tide" mb="md" role="status">
      <Group justify="space-between" gap="xs">
        {t('removal.run.goesOn', { done: run.removed + run.kept, total: run.total })}
        <ButtonLink from={FROM} to="." search={(before) => ({ ...before, removal: run.id })} resetScroll={false} small>
          {t('removal.run.show')}
        </ButtonLink>
      </Group>
    </Alert>
  );
}
