import { Button, FormActions, Radio, Stack } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { Failure } from '../../shared/form/failure.tsx';
import { PermissionMatrix } from './permission-matrix.tsx';
import type { RobotDraft } from './robot-draft.ts';
import { type Grant, grantsOfPreset, PRESETS, type Preset, presetOfGrants } from './robot-permission.rules.ts';
import classes from './robot-wizard.module.css';

const RobotProjects = lazyPart(() => import('./robot-projects.tsx'), 'RobotProjects');

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
  const { projectOffer } = props;
  const [grants, setGrants] = useState(props.draft.projectGrants);
  const [systemGrants, setSystemGrants] = useState(props.draft.systemGrants);
  const [namespaces, setNamespaces] = useState(props.draft.namespaces);
  const [custom, setCustom] = useState(() => presetOfGrants(props.draft.projectGrants, projectOffer) === null);
  const [missing, setMissing] = useState(false);
  const preset = custom ? 'custom' : (presetOfGrants(grants, projectOffer) ?? 'custom');

  const choose = (value: string) => {
    setCustom(value === 'custom');
    if (value !== 'custom') setGrants(grantsOfPreset(value as Preset, projectOffer));
  };
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
    <form onSubmit={submit} className={classes.step}>
      {props.forSystem ? <RobotProjects value={namespaces} onChange={setNamespaces} /> : null}
      <PresetChoice
        label={props.forSystem ? t('permissions.inProjects') : t('permissions.title')}
        value={preset}
        onChange={choose}
      />
      {preset === 'custom' ? (
        <PermissionMatrix
          label={t('permissions.title')}
          offer={projectOffer}
          chosen={grants}
          onChange={(next) => {
            setGrants(next);
            setMissing(false);
          }}
        />
      ) : null}
      {props.forSystem ? (
        <details>
          <summary>{t('permissions.system', { count: systemGrants.size })}</summary>
          <PermissionMatrix
            label={t('permissions.systemTitle')}
            offer={props.systemOffer}
            chosen={systemGrants}
            onChange={setSystemGrants}
          />
        </details>
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

function PresetChoice(props: { label: string; value: Preset | 'custom'; onChange: (value: string) => void }) {
  const { t } = useTranslation('robot');
  return (
    <Radio.Group label={props.label} value={props.value} onChange={props.onChange}>
      <Stack gap={10} mt={8}>
        {[...PRESETS, 'custom' as const].map((value) => (
          <Radio key={value} value={value} label={t(`preset.${value}.name`)} description={t(`preset.${value}.text`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
