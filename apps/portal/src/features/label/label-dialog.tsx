import { type Label, MAX_LABEL_DESCRIPTION_LENGTH, MAX_LABEL_NAME_LENGTH } from '@moorage/contracts';
import { Group, Text, TextInput, toast } from '@moorage/ui';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { LabelChip } from '../../shared/marks/label-chip.tsx';
import { isLabelColor, LABEL_COLORS } from './label-colors.ts';
import { type LabelDraft, type LabelScope, useSaveLabel } from './label.queries.ts';
import classes from './label.module.css';

/** Makes a label or changes one; shows how it will look. */
export function LabelDialog(props: { scope: LabelScope; saved: Label | null; onClose: () => void }) {
  const { t } = useTranslation('label');
  const problem = useProblem();
  const save = useSaveLabel(props.scope, props.saved);
  const { saved } = props;
  const { register, handleSubmit, formState, setError, setValue, control } = useForm<LabelDraft>({
    mode: 'onTouched',
    defaultValues: {
      name: saved?.name ?? '',
      description: saved?.description ?? '',
      color: saved?.color ?? LABEL_COLORS[6].value,
    },
  });
  const draft = useWatch({ control }) as LabelDraft;
  const taken = isStatus(save.error, 409);
  const submit = handleSubmit(async (written) => {
    const name = written.name.trim();
    try {
      await save.mutateAsync({ name, description: written.description.trim(), color: written.color.trim() });
      toast({ tone: 'success', message: t('saved', { name }) });
      props.onClose();
    } catch (error) {
      if (isStatus(error, 409)) setError('name', { message: t('taken') }, { shouldFocus: true });
    }
  });
  return (
    <FormDialog
      title={saved === null ? t('create') : t('edit.title', { name: saved.name })}
      submitLabel={saved === null ? t('create') : t('edit.submit')}
      busy={save.isPending}
      failure={save.error && !taken ? problem.text(save.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <TextInput
        label={t('column.name')}
        data-autofocus
        autoComplete="off"
        maxLength={MAX_LABEL_NAME_LENGTH}
        error={formState.errors.name?.message}
        {...register('name', { validate: (name) => name.trim() !== '' || t('nameMissing') })}
      />
      <TextInput
        label={t('column.description')}
        autoComplete="off"
        maxLength={MAX_LABEL_DESCRIPTION_LENGTH}
        {...register('description')}
      />
      <div>
        <TextInput
          label={t('color.label')}
          description={t('color.help')}
          placeholder="#1864AB"
          autoComplete="off"
          spellCheck={false}
          error={formState.errors.color?.message}
          {...register('color', { validate: (color) => isLabelColor(color.trim()) || t('color.rule') })}
        />
        <Swatches value={draft.color} onChange={(color) => setValue('color', color, { shouldValidate: true })} />
      </div>
      <Looks draft={draft} />
    </FormDialog>
  );
}

function Looks(props: { draft: LabelDraft }) {
  const { t } = useTranslation('label');
  const { name, description, color } = props.draft;
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {t('looks')}
      </Text>
      <LabelChip
        label={{ name: name.trim() || t('column.name'), description, color: isLabelColor(color) ? color : '' }}
      />
    </Group>
  );
}

function Swatches(props: { value: string; onChange: (color: string) => void }) {
  const { t } = useTranslation('label');
  return (
    <div className={classes.swatches} role="group" aria-label={t('color.offered')}>
      {LABEL_COLORS.map((color) => (
        <button
          key={color.name}
          type="button"
          className={classes.swatch}
          style={{ background: color.value }}
          title={t(`color.${color.name}`)}
          aria-label={t(`color.${color.name}`)}
          aria-pressed={props.value.toUpperCase() === color.value}
          onClick={() => props.onChange(color.value)}
        />
      ))}
    </div>
  );
}
