import { DeniedState, EmptyState, ErrorState, IconAnchor } from '@moorage/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isMissing, isStatus } from '../api/problem.ts';
import { useProblem } from '../api/use-problem.ts';
import { ButtonLink } from '../links.tsx';
import { useCurrentUser } from '../session/session.queries.ts';

/**
 * A failed load. A refusal says which right is missing and who gives it; what is not there, or not to be seen, leads to
 * the nearest place that is; anything else offers another try.
 */
export function PageProblem(props: { error: unknown; onRetry?: () => void; denied?: ReactNode }) {
  const { t } = useTranslation('shared');
  const problem = useProblem();
  const { error } = props;
  if (isStatus(error, 403)) return <DeniedState text={props.denied ?? t('denied.page')} />;
  // To strangers the server does not tell what exists; neither does the page.
  if (isMissing(error)) {
    return (
      <EmptyState icon={<IconAnchor size={26} />} title={t('notFound.title')} text={t('notFound.text')}>
        <ButtonLink to="/projects" look="primary">
          {t('notFound.projects')}
        </ButtonLink>
        <SignInOffer />
      </EmptyState>
    );
  }
  return <ErrorState problem={problem.of(error)} onRetry={props.onRetry} />;
}

/** Signing in may be all that is missing. */
export function SignInOffer() {
  const { t } = useTranslation('shared');
  const user = useCurrentUser();
  if (user !== null) return null;
  return (
    <ButtonLink to="/login" search={{ to: location.pathname + location.search }}>
      {t('denied.signIn')}
    </ButtonLink>
  );
}
