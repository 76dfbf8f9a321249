import { Button, Panel, Text } from '@moorage/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shared/page/use-title.ts';
import { currentUserQuery, useCurrentUser } from '../../shared/session/session.queries.ts';
import { useSignOut } from '../../shared/session/use-sign-out.ts';
import classes from './choose-password.module.css';
import { PasswordForm } from './password-form.tsx';

/** Stands before everything else while the password is one that somebody else has set. */
export function ChoosePasswordPage() {
  const { t } = useTranslation('profile');
  const user = useCurrentUser();
  const queries = useQueryClient();
  const router = useRouter();
  const signOut = useSignOut();
  useTitle(t('choose.title'));
  if (user === null) return null;
  const enter = async () => {
    await queries.fetchQuery({ ...currentUserQuery, staleTime: 0 });
    // The way in is open now: the route leads where the person wanted to go.
    await router.invalidate();
  };
  return (
    <main className={classes.page}>
      <h1 className={classes.title}>{t('choose.title')}</h1>
      <Text c="dimmed" mb="md">
        {t('choose.text', { name: user.username })}
      </Text>
      <Panel>
        <PasswordForm user={user} onDone={() => void enter()} primary />
      </Panel>
      <Button variant="subtle" mt="sm" onClick={() => void signOut()}>
        {t('choose.signOut')}
      </Button>
    </main>
  );
}
