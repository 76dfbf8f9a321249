import { useTranslation } from 'react-i18next';
import { PermissionMatrix } from '../../shared/permission/permission-matrix.tsx';
import type { Grant } from '../../shared/permission/permission.rules.ts';
import { ProjectChoice } from '../../shared/permission/project-choice.tsx';
import type { RuleDraft } from './federation-draft.rules.ts';
import classes from './federation.module.css';

/** How far a rule of the whole registry reaches: into which projects, and into the registry itself. */
export function SystemReach(props: {
  draft: RuleDraft;
  offer: readonly Grant[];
  onChange: (patch: Partial<RuleDraft>) => void;
}) {
  const { t } = useTranslation('federation');
  const { draft, onChange } = props;
  return (
    <>
      <ProjectChoice value={draft.namespaces} onChange={(namespaces) => onChange({ namespaces })} />
      <details className={classes.more} open={draft.systemGrants.size > 0}>
        <summary>{t('form.systemGrants', { count: draft.systemGrants.size })}</summary>
        <PermissionMatrix
          label={t('form.systemGrantsTitle')}
          offer={props.offer}
          chosen={draft.systemGrants}
          onChange={(systemGrants) => onChange({ systemGrants })}
        />
      </details>
    </>
  );
}
