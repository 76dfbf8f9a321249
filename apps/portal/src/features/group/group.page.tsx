import type { UserGroup } from '@moorage/contracts';
import { Badge, Button, PageHeader, PageSkeleton, TabBar } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { Link, TabLink } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import type { GroupTask } from './group-dialogs.tsx';
import { kindOfGroup } from './group-kind.rules.ts';
import { GroupMembersView } from './group-members-view.tsx';
import { GroupRolesView } from './group-roles-view.tsx';
import { groupQuery } from './group.queries.ts';

const GroupDialogs = lazyPart(() => import('./group-dialogs.tsx'), 'GroupDialogs');

/** A group: who belongs to it, and which projects it opens. */
export function GroupPage() {
  const { t } = useTranslation('group');
  const { groupId } = useParams({ from: '/app/signed-in/groups/$groupId' });
  const { view } = useSearch({ from: '/app/signed-in/groups/$groupId' });
  const { data: group, error, refetch } = useQuery(groupQuery(Number(groupId)));
  useTitle(group?.group_name, t('title'));
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} />;
  if (group === undefined) return <PageSkeleton />;
  return (
    <>
      <GroupHeader group={group} />
      {view === 'projects' ? <GroupRolesView group={group} /> : <GroupMembersView group={group} />}
    </>
  );
}

function GroupHeader(props: { group: UserGroup }) {
  const { t } = useTranslation('group');
  const navigate = useNavigate();
  const { group } = props;
  const kind = kindOfGroup(group.group_type);
  const [task, setTask] = useState<GroupTask | null>(null);
  const place = { to: '/groups/$groupId', params: { groupId: String(group.id) } } as const;
  const exact = { includeSearch: true, explicitUndefined: true };
  const plain = { q: undefined, page: undefined, size: undefined, sort: undefined };
  return (
    <>
      <PageHeader
        trail={<Link to="/groups">{t('title')}</Link>}
        title={group.group_name}
        badges={kind === null ? null : <Badge>{t(`kind.${kind}.name`)}</Badge>}
        description={group.ldap_group_dn || (kind === null ? null : t(`kind.${kind}.text`))}
        actions={
          <>
            <Button variant="default" onClick={() => setTask({ kind: 'rename', group })}>
              {t('rename.action')}
            </Button>
            <Button variant="outline" color="red" onClick={() => setTask({ kind: 'delete', group })}>
              {t('delete.action')}
            </Button>
          </>
        }
        tabs={
          <TabBar label={group.group_name}>
            <TabLink {...place} search={{ ...plain, view: undefined }} activeOptions={exact} count={group.member_count}>
              {t('column.members')}
            </TabLink>
            <TabLink {...place} search={{ ...plain, view: 'projects' }} activeOptions={exact}>
              {t('roles.title')}
            </TabLink>
          </TabBar>
        }
      />
      {task === null ? null : (
        <GroupDialogs task={task} onClose={() => setTask(null)} onDeleted={() => void navigate({ to: '/groups' })} />
      )}
    </>
  );
}
