import { GROUP_TYPES } from '@moorage/contracts';
import { Radio, Stack, TextInput, toast } from '@moorage/ui';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { GROUP_KINDS, type GroupKind } from './group-kind.rules.ts';
import { useCreateGroup } from './group.queries.ts';

/** Makes a group: one whose members are chosen here, or one that an identity source fills. */
export function GroupCreateDialog(props: { onClose: () => void }) {
  const { t } = useTranslation('group');
  const problem = useProblem();
  const create = useCreateGroup();
  const { register, handleSubmit, formState, setError, control } = useForm({
    mode: 'onTouched',
    defaultValues: { kind: 'managed' as GroupKind, name: '', dn: '' },
  });
  const kind = useWatch({ control, name: 'kind' });
  const submit = handleSubmit(async (draft) => {
    try {
      await create.mutateAsync({
        group_name: draft.name.trim(),
        group_type: GROUP_TYPES[draft.kind],
        ...(draft.kind === 'ldap' ? { ldap_group_dn: draft.dn.trim() } : {}),
      });
      toast({ tone: 'success', message: t('create.done', { name: draft.name.trim() || draft.dn.trim() }) });
      props.onClose();
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
      <Controller
        name="kind"
        control={control}
        render={({ field }) => <KindChoice value={field.value} onChange={field.onChange} />}
      />
      {kind === 'ldap' ? (
        <TextInput
          label={t('column.dn')}
          placeholder="cn=developers,ou=groups,dc=example,dc=com"
          autoComplete="off"
          spellCheck={false}
          error={formState.errors.dn?.message}
          {...register('dn', { validate: (value) => value.trim() !== '' || t('create.dnMissing') })}
        />
      ) : null}
      <TextInput
        label={t('column.name')}
        description={kind === 'managed' ? undefined : kind === 'ldap' ? t('create.ldapName') : t('create.sourceName')}
        autoComplete="off"
        maxLength={255}
        error={formState.errors.name?.message}
        {...register('name', {
          validate: (value) => kind === 'ldap' || value.trim() !== '' || t('create.nameMissing'),
        })}
      />
    </FormDialog>
  );
}

function KindChoice(props: { value: GroupKind; onChange: (kind: string) => void }) {
  const { t } = useTranslation('group');
  return (
    <Radio.Group label={t('create.kind')} value={props.value} onChange={props.onChange}>
      <Stack gap={10} mt={6}>
        {GROUP_KINDS.map((entry) => (
          <Radio key={entry} value={entry} label={t(`kind.${entry}.name`)} description={t(`kind.${entry}.text`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
