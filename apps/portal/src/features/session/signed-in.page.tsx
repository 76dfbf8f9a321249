import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shared/page/use-title.ts';
import { SignInCard } from './sign-in-card.tsx';

/** The end of a sign-in in a window of its own: the page that opened it goes on. */
export function SignedInPage() {
  const { t } = useTranslation('session');
  useTitle(t('done.title'));
  useEffect(() => window.close(), []);
  return (
    <SignInCard title={t('done.title')} text={t('done.text')}>
      {null}
    </SignInCard>
  );
}
