import { useTranslation } from 'react-i18next';
import { GrantChoice } from '../../shared/permission/grant-choice.tsx';
import type { Grant } from '../../shared/permission/permission.rules.ts';
import { ProjectChoice } from '../../shared/permission/project-choice.tsx';

/** Which projects a token reaches and what it may do there. It never may more than its owner. */
export function TokenScopeFields(props: {
  offer: readonly Grant[];
  grants: ReadonlySet<Grant>;
  onGrants: (grants: ReadonlySet<Grant>) => void;
  namespaces: readonly string[];
  onNamespaces: (namespaces: readonly string[]) => void;
}) {
  const { t } = useTranslation('personal-token');
  return (
    <>
      <ProjectChoice value={props.namespaces} onChange={props.onNamespaces} />
      <GrantChoice label={t('scope.grants')} offer={props.offer} value={props.grants} onChange={props.onGrants} />
    </>
  );
}
