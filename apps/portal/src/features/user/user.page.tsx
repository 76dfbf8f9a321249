import { getUser, getUserSecondFactors, type User } from '@moorage/contracts';
import {
  Badge,
  Button,
  DeniedState,
  ExactTime,
  Facts,
  PageHeader,
  PageSkeleton,
  Panel,
  TabBar,
  TimeAgo,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { ButtonLink, Link, TabLink } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useCurrentUser, useIsAdmin } from '../../shared/session/session.queries.ts';
import type { UserTask } from './user-dialogs.tsx';
import { UserGroupsView } from './user-groups-view.tsx';
import { UserSessionsView } from './user-sessions-view.tsx';
import { UserTokensView } from './user-tokens-view.tsx';

const UserDialogs = lazyPart(() => import('./user-dialogs.tsx'), 'UserDialogs');

/** An account as administrators see it: where it comes from, its groups, its tokens and where it is signed in. */
export function UserPage() {
  const { t } = useTranslation('user');
  const { userId } = useParams({ from: '/app/signed-in/users/$userId' });
  const { view } = useSearch({ from: '/app/signed-in/users/$userId' });
  const admin = useIsAdmin();
  const id = Number(userId);
  const {
    data: user,
    error,
    refetch,
  } = useLoad({ ...objectQuery(getUser, { params: { user_id: id } }), enabled: admin });
  useTitle(user?.username, t('title'));
  if (!admin) return <DeniedState text={t('denied')} />;
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  if (user === undefined) return <PageSkeleton />;
  return (
    <>
      <UserHeader user={user} />
      {view === undefined ? (
        <>
          <Panel>
            <UserFacts user={user} />
          </Panel>
          <UserGroupsView userId={id} />
        </>
      ) : view === 'tokens' ? (
        <UserTokensView userId={id} />
      ) : (
        <UserSessionsView userId={id} />
      )}
    </>
  );
}

function UserHeader(props: { user: User }) {
  const { t } = useTranslation('user');
  const navigate = useNavigate();
  const self = useCurrentUser()?.user_id === props.user.user_id;
  const { user } = props;
  const [task, setTask] = useState<UserTask | null>(null);
  const place = { to: '/users/$userId', params: { userId: String(user.user_id) } } as const;
  const exact = { includeSearch: true, explicitUndefined: true };
  const plain = { q: undefined, page: undefined, size: undefined, sort: undefined };
  return (
    <>
      <PageHeader
        trail={<Link to="/users">{t('title')}</Link>}
        title={user.username}
        badges={user.sysadmin_flag || user.admin_role_in_auth ? <Badge>{t('admin.badge')}</Badge> : null}
        description={user.realname}
        actions={
          <>
            <ButtonLink to="/access" search={{ who: user.username }}>
              {t('access')}
            </ButtonLink>
            <Button
              variant="outline"
              color="red"
              disabled={self || user.user_id === 1}
              onClick={() => setTask({ kind: 'delete', user })}
            >
              {t('delete.action')}
            </Button>
          </>
        }
        tabs={
          <TabBar label={user.username}>
            <TabLink {...place} search={{ ...plain, view: undefined }} activeOptions={exact}>
              {t('tab.account')}
            </TabLink>
            <TabLink {...place} search={{ ...plain, view: 'tokens' }} activeOptions={exact}>
              {t('tokens.title')}
            </TabLink>
            <TabLink {...place} search={{ ...plain, view: 'sessions' }} activeOptions={exact}>
              {t('open.title')}
            </TabLink>
          </TabBar>
        }
      />
      {task === null ? null : (
        <UserDialogs task={task} onClose={() => setTask(null)} onDeleted={() => void navigate({ to: '/users' })} />
      )}
    </>
  );
}

function UserFacts(props: { user: User }) {
  const { t } = useTranslation('user');
  const { user } = props;
  const { data } = useQuery(objectQuery(getUserSecondFactors, { params: { user_id: user.user_id } }));
  return (
    <Facts
      rows={[
        { label: t('column.email'), value: user.email },
        {
          label: t('column.account'),
          value: user.oidc_user_meta === undefined ? t('account.local') : t('account.external'),
        },
        { label: t('column.subject'), value: user.oidc_user_meta?.subiss },
        {
          label: t('column.factors'),
          value:
            data === undefined
              ? undefined
              : data.factors.length === 0
                ? t('factors.none')
                : data.factors.map((factor) => factor.name).join(', '),
        },
        { label: t('column.lastLogin'), value: <TimeAgo value={user.last_login_time} /> },
        { label: t('column.created'), value: <ExactTime value={user.creation_time} /> },
      ]}
    />
  );
}
