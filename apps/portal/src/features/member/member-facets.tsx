import type { Role } from '@moorage/contracts';
import { FacetBar } from '@moorage/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ROLES } from '../../shared/access/roles.ts';

/** Narrows the list of members by name and role. */
export function MemberFacets(props: {
  q: string;
  role: Role | undefined;
  onSearch: (q: string) => void;
  onRole: (role: string | undefined) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation(['member', 'shared']);
  return (
    <FacetBar
      search={{ label: t('search'), value: props.q, onChange: props.onSearch }}
      facets={[
        {
          id: 'role',
          label: t('column.role'),
          single: true,
          options: ROLES.map((entry) => ({ value: entry, label: t(`shared:role.${entry}.name`) })),
          selected: props.role ? [props.role] : [],
          onChange: ([value]) => props.onRole(value),
        },
      ]}
    >
      {props.children}
    </FacetBar>
  );
}
