import { GROUP_TYPES } from '@moorage/contracts';
import { Radio, Stack, TextInput, toast } from '@moorage/ui';
import { type Control, Controller, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { type GroupChoice, type GroupSource, groupOfSource } from '../../shared/group/group-choice.rules.ts';
import { GroupSelect } from '../../shared/group/group-select.tsx';
import { useGroupSources } from '../../shared/group/group-source.queries.ts';
import { useCreateGroup } from './group.queries.ts';

interface Draft {
  /** Id of the identity source; empty for a group managed here. */
  readonly from: string;
  readonly name: string;
  readonly entry: GroupChoice | null;
}

/** Makes a group: one whose members are chosen here, or one that an identity source fills. */
export function GroupCreateDialog(props: { onClose: () => void }) {
  const { t } = useTranslation('group');
  const problem = useProblem();
  const create = useCreateGroup();
  const sources = useGroupSources();
  const { register, handleSubmit, formState, setError, setValue, control } = useForm<Draft>({
    mode: 'onTouched',
    defaultValues: { from: '', name: '', entry: null },
  });
  const from = useWatch({ control, name: 'from' });
  const source = sources.find(({ id }) => String(id) === from) ?? null;
  const submit = handleSubmit(async (draft) => {
    const name = draft.name.trim();
    try {
      await create.mutateAsync(
        source === null
          ? { group_name: name, group_type: GROUP_TYPES.managed }
          : groupOfSource(source, name, draft.entry),
      );
      toast({ tone: 'success', message: t('create.done', { name: name || draft.entry?.name }) });
      props.onClose();
    } catch (error) {
      if (isStatus(error, 409)) setError('name', { message: t('create.taken') }, { shouldFocus: true });
    }
  });
  const isDirectory = source?.kind === 'ldap';
  return (
    <FormDialog
      title={t('create.title')}
      submitLabel={t('create.submit')}
      busy={create.isPending}
      failure={create.error && !isStatus(create.error, 409) ? problem.text(create.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <Controller
        name="from"
        control={control}
        render={({ field }) => (
          <SourceChoice
            value={field.value}
            sources={sources}
            onChange={(next) => {
              field.onChange(next);
              // An entry of one directory is none of another.
              setValue('entry', null);
            }}
          />
        )}
      />
      {isDirectory ? <EntryField key={from} control={control} source={source} /> : null}
      <TextInput
        label={t('column.name')}
        description={source === null ? undefined : t(isDirectory ? 'create.ldapName' : 'create.sourceName')}
        autoComplete="off"
        maxLength={255}
        error={formState.errors.name?.message}
        {...register('name', { validate: (value) => isDirectory || value.trim() !== '' || t('create.nameMissing') })}
      />
    </FormDialog>
  );
}

function EntryField(props: { control: Control<Draft>; source: GroupSource }) {
  const { t } = useTranslation('group');
  return (
    <Controller
      name="entry"
      control={props.control}
      rules={{ validate: (entry) => entry !== null || t('create.dnMissing') }}
      render={({ field, fieldState }) => (
        <GroupSelect
          {...field}
          label={t('create.directoryGroup')}
          description={t('create.directoryHelp')}
          sources={[props.source]}
          isNew
          error={fieldState.error?.message}
        />
      )}
    />
  );
}

const KIND_TEXTS = { oidc: 'oidc', ldap: 'ldap', auth_proxy: 'authProxy' } as const;

function SourceChoice(props: { value: string; sources: readonly GroupSource[]; onChange: (from: string) => void }) {
  const { t } = useTranslation(['group', 'shared']);
  return (
    <Radio.Group label={t('create.kind')} value={props.value} onChange={props.onChange}>
      <Stack gap={10} mt={6}>
        <Radio value="" label={t('kind.managed.name')} description={t('kind.managed.text')} />
        {props.sources.map(({ id, kind, name }) => (
          <Radio
            key={id}
            value={String(id)}
            label={t('shared:group.of', { source: name })}
            description={t(`kind.${KIND_TEXTS[kind]}.text`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
