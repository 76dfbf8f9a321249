import { checkRobotName } from '@moorage/contracts';
import { Button, FormActions, NativeSelect, TextInput } from '@moorage/ui';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { LIVES, type RobotDraft } from './robot-draft.ts';
import classes from './robot-wizard.module.css';

interface Basics {
  readonly name: string;
  readonly description: string;
  readonly duration: string;
}

/** Name, purpose and life of a robot. */
export function RobotBasicsStep(props: {
  draft: RobotDraft;
  taken: boolean;
  onNext: (basics: Pick<RobotDraft, 'name' | 'description' | 'duration'>) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation(['robot', 'ui']);
  const { draft } = props;
  const { register, handleSubmit, formState } = useForm<Basics>({
    mode: 'onTouched',
    defaultValues: { name: draft.name, description: draft.description, duration: String(draft.duration) },
  });
  const submit = handleSubmit((basics) => props.onNext({ ...basics, duration: Number(basics.duration) }));
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className={classes.step}>
      <TextInput
        label={t('basics.name')}
        description={t('basics.nameHelp')}
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={formState.errors.name?.message ?? (props.taken ? t('basics.taken') : undefined)}
        {...register('name', { validate: (value) => checkRobotName(value) === null || t('basics.nameRule') })}
      />
      <TextInput
        label={t('basics.description')}
        description={t('basics.descriptionHelp')}
        autoComplete="off"
        maxLength={1024}
        {...register('description')}
      />
      <NativeSelect
        label={t('basics.life')}
        description={t('basics.lifeHelp')}
        data={LIVES.map((days) => ({
          value: String(days),
          label: days < 0 ? t('basics.forever') : t('basics.days', { count: days }),
        }))}
        {...register('duration')}
      />
      <FormActions>
        <Button type="submit">{t('step.next')}</Button>
        <Button variant="default" onClick={props.onCancel}>
          {t('ui:actions.cancel')}
        </Button>
      </FormActions>
    </form>
  );
}
