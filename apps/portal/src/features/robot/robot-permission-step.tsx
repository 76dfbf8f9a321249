import { Button, FormActions } from '@moorage/ui';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { Failure } from '../../shared/form/failure.tsx';
import { GrantChoice } from '../../shared/permission/grant-choice.tsx';
import { PermissionMatrix } from '../../shared/permission/permission-matrix.tsx';
import type { Grant } from '../../shared/permission/permission.rules.ts';
import type { RobotDraft } from './robot-draft.ts';
import classes from './robot-wizard.module.css';

const ProjectChoice = lazyPart(() => import('../../shared/permission/project-choice.tsx'), 'ProjectChoice');

/** What a robot may do: a preset for most, a matrix for the rest. */
export function RobotPermissionStep(props: {
  draft: RobotDraft;
  projectOffer: readonly Grant[];
  systemOffer: readonly Grant[];
  forSystem: boolean;
  onBack: () => void;
  onNext: (patch: Pick<RobotDraft, 'projectGrants' | 'systemGrants' | 'namespaces'>) => void;
}) {
  const { t } = useTranslation('robot');
  const [grants, setGrants] = useState(props.draft.projectGrants);
  const [systemGrants, setSystemGrants] = useState(props.draft.systemGrants);
  const [namespaces, setNamespaces] = useState(props.draft.namespaces);
  const [missing, setMissing] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // The field that had the focus is gone with its step.
  useEffect(() => form.current?.querySelector<HTMLInputElement>('input:checked')?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reaches = grants.size > 0 && namespaces.length > 0;
    if (!reaches && systemGrants.size === 0) {
      setMissing(true);
      return;
    }
    props.onNext({ projectGrants: grants, systemGrants, namespaces });
  };
  return (
    <form ref={form} onSubmit={submit} className={classes.step}>
      {props.forSystem ? <ProjectChoice value={namespaces} onChange={setNamespaces} /> : null}
      <GrantChoice
        label={props.forSystem ? t('permissions.inProjects') : t('permissions.title')}
        offer={props.projectOffer}
        value={grants}
        onChange={(next) => {
          setGrants(next);
          setMissing(false);
        }}
      />
      {props.forSystem ? (
        <SystemRights offer={props.systemOffer} chosen={systemGrants} onChange={setSystemGrants} />
      ) : null}
      <Failure text={missing ? t('permissions.missing') : null} />
      <FormActions>
        <Button type="submit">{t('step.next')}</Button>
        <Button variant="default" onClick={props.onBack}>
          {t('step.back')}
        </Button>
      </FormActions>
    </form>
  );
}

/** Rights over the installation itself; most robots need none. */
function SystemRights(props: {
  offer: readonly Grant[];
  chosen: ReadonlySet<Grant>;
  onChange: (grants: ReadonlySet<Grant>) => void;
}) {
  const { t } = useTranslation('robot');
  return (
    <details>
      <summary>{t('permissions.system', { count: props.chosen.size })}</summary>
      <PermissionMatrix label={t('permissions.systemTitle')} {...props} />
    </details>
  );
}
