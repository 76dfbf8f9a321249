import {
  IconActivity,
  IconClipboardCheck,
  IconDatabase,
  IconFolders,
  IconHome,
  IconKey,
  IconRobot,
  IconSearch,
  IconSettings,
  IconStack2,
  IconTrash,
  IconUsers,
  IconUsersGroup,
  NavGroup,
} from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { NavLink } from '../../shared/links.tsx';
import { useCurrentUser, useIsAdmin } from '../../shared/session/session.queries.ts';

/** The main navigation. Administration is shown to those who may do it. */
export function Navigation() {
  const { t } = useTranslation('shell');
  const user = useCurrentUser();
  const admin = useIsAdmin();
  return (
    <>
      <NavGroup>
        {user ? (
          <NavLink to="/" activeOptions={{ exact: true }} icon={<IconHome size={18} />}>
            {t('nav.home')}
          </NavLink>
        ) : null}
        <NavLink to="/projects" icon={<IconFolders size={18} />}>
          {t('nav.projects')}
        </NavLink>
        <NavLink to="/search" icon={<IconSearch size={18} />}>
          {t('nav.search')}
        </NavLink>
      </NavGroup>
      {admin ? (
        <NavGroup label={t('nav.administration')}>
          <NavLink to="/users" icon={<IconUsers size={18} />}>
            {t('nav.users')}
          </NavLink>
          <NavLink to="/groups" icon={<IconUsersGroup size={18} />}>
            {t('nav.groups')}
          </NavLink>
          <NavLink to="/robots" icon={<IconRobot size={18} />}>
            {t('nav.robots')}
          </NavLink>
          <NavLink to="/federation" icon={<IconKey size={18} />}>
            {t('nav.federation')}
          </NavLink>
          <NavLink to="/storage" icon={<IconDatabase size={18} />}>
            {t('nav.storage')}
          </NavLink>
          <NavLink to="/quotas" icon={<IconStack2 size={18} />}>
            {t('nav.quotas')}
          </NavLink>
          <NavLink to="/jobs" icon={<IconActivity size={18} />}>
            {t('nav.jobs')}
          </NavLink>
          <NavLink to="/audit" icon={<IconClipboardCheck size={18} />}>
            {t('nav.audit')}
          </NavLink>
          <NavLink to="/trash" icon={<IconTrash size={18} />}>
            {t('nav.trash')}
          </NavLink>
          <NavLink to="/settings" icon={<IconSettings size={18} />}>
            {t('nav.settings')}
          </NavLink>
        </NavGroup>
      ) : null}
    </>
  );
}
