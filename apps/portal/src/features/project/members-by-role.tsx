import type { ProjectSummary, Role } from '@moorage/contracts';
import { Count, Facts, Panel } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { ROLES } from '../../shared/access/roles.ts';
import { Link } from '../../shared/links.tsx';

/** How many people hold each role. */
export function MembersByRole(props: { name: string; summary: ProjectSummary | undefined }) {
  const { t } = useTranslation(['project', 'shared']);
  const { summary } = props;
  const counts: Readonly<Record<Role, number | undefined>> = {
    projectAdmin: summary?.project_admin_count,
    maintainer: summary?.maintainer_count,
    developer: summary?.developer_count,
    guest: summary?.guest_count,
    limitedGuest: summary?.limited_guest_count,
  };
  return (
    <Panel
      title={t('tab.members')}
      actions={
        <Link to="/projects/$project/members" params={{ project: props.name }}>
          {t('overview.all')}
        </Link>
      }
    >
      <Facts
        rows={ROLES.filter((role) => (counts[role] ?? 0) > 0).map((role) => ({
          label: t(`shared:role.${role}.name`),
          value: <Count value={counts[role] ?? 0} />,
        }))}
      />
    </Panel>
  );
}
