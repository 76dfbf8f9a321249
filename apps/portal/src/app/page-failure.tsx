import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { ErrorState } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../shared/api/problem.ts';

/** A page that broke while loading or drawing. The rest of the portal stays. */
export function PageFailure(props: ErrorComponentProps) {
  const { t } = useTranslation('shared');
  const router = useRouter();
  return (
    <ErrorState
      problem={problemOf(props.error, t)}
      onRetry={() => {
        props.reset();
        void router.invalidate();
      }}
    />
  );
}
