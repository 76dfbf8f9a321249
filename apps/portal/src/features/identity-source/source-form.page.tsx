import { DeniedState, PageSkeleton } from '@moorage/ui';
import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { useSource } from './identity-source.queries.ts';
import { SourceForm } from './source-form.tsx';

/** A new identity source. */
export function SourceNewPage() {
  const { t } = useTranslation('identity-source');
  const { kind = 'oidc' } = useSearch({ from: '/app/signed-in/settings/auth/new' });
  const admin = useIsAdmin();
  useTitle(t('newTitle', { kind: t(`kind.${kind}.name`) }));
  if (!admin) return <DeniedState text={t('denied')} />;
  return <SourceForm key={kind} kind={kind} saved={null} />;
}

/** The settings of an identity source. */
export function SourcePage() {
  const { t } = useTranslation('identity-source');
  const { sourceId } = useParams({ from: '/app/signed-in/settings/auth/$sourceId' });
  const { data: source, error, refetch } = useSource(Number(sourceId));
  useTitle(source?.name, t('title'));
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} />;
  if (source === undefined) return <PageSkeleton />;
  return <SourceForm key={source.update_time} kind={source.kind} saved={source} />;
}
