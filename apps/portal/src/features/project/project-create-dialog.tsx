import { checkProjectName } from '@moorage/contracts';
import { IconCheck, IconLock, IconWorld, Radio, Stack, Text, TextInput, useDebouncedValue } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { StorageLimitField } from '../../shared/form/storage-limit-field.tsx';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import classes from './project-create-dialog.module.css';
import { useCreateProject, useNameTaken } from './project.queries.ts';

interface Draft {
  readonly name: string;
  readonly visibility: 'private' | 'public';
  /** Bytes; -1 for unlimited, null for the default. */
  readonly storageLimit: number | null;
}

const NAME_CHECK_MS = 300;

/** Makes a project and opens it, ready for the first push. */
export function ProjectCreateDialog(props: { onClose: () => void }) {
  const { t } = useTranslation('project');
  const navigate = useNavigate();
  const problem = useProblem();
  const admin = useIsAdmin();
  const create = useCreateProject();
  const form = useForm<Draft>({
    mode: 'onTouched',
    defaultValues: { name: '', visibility: 'private', storageLimit: null },
  });
  const { register, control, handleSubmit, formState, setError } = form;
  const nameState = useNameState(useWatch({ control, name: 'name' }));

  const submit = handleSubmit(async (draft) => {
    try {
      await create.mutateAsync({
        name: draft.name,
        isPublic: draft.visibility === 'public',
        storageLimit: draft.storageLimit ?? undefined,
      });
      await navigate({ to: '/projects/$project', params: { project: draft.name } });
    } catch (error) {
      if (isStatus(error, 409)) setError('name', { message: t('create.taken') }, { shouldFocus: true });
    }
  });
  return (
    <FormDialog
      title={t('create.title')}
      submitLabel={t('create.submit')}
      busy={create.isPending}
      failure={create.error && !isStatus(create.error, 409) ? problem.text(create.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <TextInput
        label={t('create.name')}
        description={t('create.nameHelp')}
        data-autofocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={formState.errors.name?.message ?? (nameState === 'taken' ? t('create.taken') : undefined)}
        rightSection={nameState === 'free' ? <IconCheck size={16} aria-label={t('create.free')} /> : null}
        {...register('name', { validate: (name) => checkProjectName(name) === null || t('create.nameRule') })}
      />
      <Controller
        name="visibility"
        control={control}
        render={({ field }) => <VisibilityField value={field.value} onChange={field.onChange} />}
      />
      {admin ? (
        <Controller
          name="storageLimit"
          control={control}
          render={({ field }) => (
            <StorageLimitField
              label={t('create.storageLimit')}
              defaultLabel={t('create.storageDefault')}
              value={field.value}
              onChange={field.onChange}
            />
          )}
        />
      ) : null}
    </FormDialog>
  );
}

function VisibilityField(props: { value: Draft['visibility']; onChange: (value: string) => void }) {
  const { t } = useTranslation('project');
  return (
    <Radio.Group label={t('visibility.label')} value={props.value} onChange={props.onChange}>
      <Stack gap={8} mt={6}>
        <VisibilityChoice value="private" />
        <VisibilityChoice value="public" />
      </Stack>
    </Radio.Group>
  );
}

function VisibilityChoice(props: { value: 'private' | 'public' }) {
  const { t } = useTranslation('project');
  const Icon = props.value === 'public' ? IconWorld : IconLock;
  return (
    <Radio
      value={props.value}
      classNames={{ root: classes.choice }}
      label={
        <span className={classes.choiceLabel}>
          <Icon size={16} aria-hidden />
          {t(`visibility.${props.value}`)}
        </span>
      }
      description={
        <Text span size="sm">
          {t(`visibility.${props.value}Help`)}
        </Text>
      }
    />
  );
}

/** What is known of a name while it is typed. */
function useNameState(name: string): 'unknown' | 'free' | 'taken' {
  const [settled] = useDebouncedValue(name, NAME_CHECK_MS);
  const valid = settled !== '' && checkProjectName(settled) === null;
  const { data } = useNameTaken(settled, valid);
  if (!valid || settled !== name || data === undefined) return 'unknown';
  return data ? 'taken' : 'free';
}
