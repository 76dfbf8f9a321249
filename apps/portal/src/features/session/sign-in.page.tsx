import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { LanguageMenu, SchemeMenu } from '../../shared/look-menus.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { BrandMark } from '../../shared/brand-mark.tsx';
import { safeReturn } from './safe-return.rules.ts';
import { SignInForm } from './sign-in-form.tsx';
import classes from './sign-in.module.css';

/** The way in. After it the person stands where they wanted to go. */
export function SignInPage() {
  const { t } = useTranslation('session');
  const router = useRouter();
  const queries = useQueryClient();
  const { to } = useSearch({ from: '/login' });
  useTitle(t('title'));

  const enter = async () => {
    queries.clear();
    await router.invalidate();
    await router.navigate({ href: safeReturn(to), replace: true });
  };
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <SchemeMenu />
        <LanguageMenu />
      </div>
      <main className={classes.card}>
        <div className={classes.brand}>
          <BrandMark size={44} />
          <h1 className={classes.title}>{t('heading')}</h1>
          <p className={classes.text}>{to === undefined ? t('text') : t('textReturn')}</p>
        </div>
        <SignInForm onSignedIn={() => void enter()} />
        <p className={classes.foot}>
          <Link to="/projects">{t('browse')}</Link>
        </p>
      </main>
    </div>
  );
}
