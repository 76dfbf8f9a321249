import { getSecondFactors } from '@moorage/contracts';
import { Alert, IconAlertTriangle } from '@moorage/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { callAsIs } from '../../shared/api/client.ts';
import { Link } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { providerAddress, safeReturn } from './safe-return.rules.ts';
import { SignInCard } from './sign-in-card.tsx';
import { SignInChoices } from './sign-in-choices.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { useSignInOptions } from './sign-in.queries.ts';

/** The way in. After it the person stands where they wanted to go. */
export function SignInPage() {
  const { t } = useTranslation('session');
  const router = useRouter();
  const queries = useQueryClient();
  const { to, sso_error: failure } = useSearch({ from: '/login' });
  const returnTo = safeReturn(to);
  useTitle(t('title'));
  useStraightToProvider(returnTo);

  const enter = async () => {
    queries.clear();
    await router.invalidate();
    if (await mustSetUpFactor()) await router.navigate({ to: '/me/security', replace: true });
    else await router.navigate({ href: returnTo, replace: true });
  };
  return (
    <SignInCard
      title={t('heading')}
      text={to === undefined ? t('text') : t('textReturn')}
      foot={<Link to="/projects">{t('browse')}</Link>}
    >
      {failure === undefined ? null : (
        <Alert
          mb="md"
          color="red"
          role="alert"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={t(`failure.${failure}.title`)}
        >
          {t(`failure.${failure}.text`)}
        </Alert>
      )}
      <SignInChoices returnTo={returnTo}>
        <SignInForm onSignedIn={() => void enter()} />
      </SignInChoices>
    </SignInCard>
  );
}

/** Whether the settings ask this person for a second factor that is not there yet: nothing else is open until it is. */
async function mustSetUpFactor(): Promise<boolean> {
  try {
    const { data } = await callAsIs(getSecondFactors, {});
    return data.required && data.available && data.factors.length === 0;
  } catch {
    return false;
  }
}

/** Leaves for the first provider at once where the settings say so; not after a failure or a sign-out. */
function useStraightToProvider(returnTo: string): void {
  const { sso_error: failure, stay } = useSearch({ from: '/login' });
  const { data: options } = useSignInOptions();
  const first = options?.primary_auth_mode ? options.sources.find((source) => source.login_url) : undefined;
  const address = first?.login_url;
  useEffect(() => {
    if (address !== undefined && failure === undefined && stay === undefined) {
      location.replace(providerAddress(address, returnTo));
    }
  }, [address, failure, stay, returnTo]);
}
