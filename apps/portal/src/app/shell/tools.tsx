import { Avatar, IconKeyboard, IconLogout, IconUser, Menu, UnstyledButton } from '@moorage/ui';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../shared/links.tsx';
import { LanguageMenu, SchemeMenu } from '../../shared/look-menus.tsx';
import { useCurrentUser } from '../../shared/session/session.queries.ts';
import { useSignOut } from '../../shared/session/use-sign-out.ts';

/** Look, language and account, at the end of the header. */
export function Tools(props: { onKeyboardHelp: () => void }) {
  const { t } = useTranslation('shell');
  const user = useCurrentUser();
  const here = useRouterState({ select: (state) => state.location.href });
  return (
    <>
      <SchemeMenu />
      <LanguageMenu />
      {user ? (
        <AccountMenu name={user.username} onKeyboardHelp={props.onKeyboardHelp} />
      ) : (
        <ButtonLink to="/login" search={{ to: here }} look="primary">
          {t('account.signIn')}
        </ButtonLink>
      )}
    </>
  );
}

function AccountMenu(props: { name: string; onKeyboardHelp: () => void }) {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Menu width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={t('account.label', { name: props.name })}>
          <Avatar color="tide" size={30} radius="xl" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{props.name}</Menu.Label>
        <Menu.Item leftSection={<IconUser size={16} aria-hidden />} onClick={() => void navigate({ to: '/me' })}>
          {t('nav.profile')}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={props.onKeyboardHelp}>
          {t('keys.help')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t('account.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
