import type { Role } from '@moorage/contracts';
import { SegmentedControl, toast } from '@moorage/ui';
import { type Control, Controller, useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { RoleChoice } from '../../shared/access/role-choice.tsx';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import type { GroupChoice } from '../../shared/group/group-choice.rules.ts';
import { GroupSelect } from '../../shared/group/group-select.tsx';
import { useGroupSources } from '../../shared/group/group-source.queries.ts';
import { useAddMember } from './member.queries.ts';
import { type Person, PersonSelect } from './person-select.tsx';

interface Draft {
  readonly kind: 'user' | 'group';
  readonly person: Person | null;
  readonly group: GroupChoice | null;
  readonly role: Role;
}

function chosenOf({ kind, group, person }: Draft) {
  if (kind === 'group' && group !== null) return { who: { member_group: group.group }, name: group.name };
  return person === null ? null : { who: { member_user: person }, name: person.username };
}

/** Gives a user or a group a role in the project. */
export function MemberAddDialog(props: { project: string; onClose: () => void }) {
  const { t } = useTranslation('member');
  const problem = useProblem();
  const add = useAddMember(props.project);
  const { control, handleSubmit, setError } = useForm<Draft>({
    defaultValues: { kind: 'user', person: null, group: null, role: 'developer' },
  });
  const kind = useWatch({ control, name: 'kind' });

  const submit = handleSubmit(async (draft) => {
    const chosen = chosenOf(draft);
    if (chosen === null) return;
    const { who, name } = chosen;
    try {
      await add.mutateAsync({ who, role: draft.role });
      toast({ tone: 'success', message: t('add.done', { name }) });
      props.onClose();
    } catch (error) {
      const field = draft.kind === 'group' ? 'group' : 'person';
      if (isStatus(error, 409)) setError(field, { message: t(`add.already.${draft.kind}`) }, { shouldFocus: true });
    }
  });
  return (
    <FormDialog
      title={t('add.title')}
      submitLabel={t('add.submit')}
      busy={add.isPending}
      failure={add.error && !isStatus(add.error, 409) ? problem.text(add.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <Controller
        name="kind"
        control={control}
        render={({ field }) => <KindChoice value={field.value} onChange={field.onChange} />}
      />
      <WhoField kind={kind} control={control} project={props.project} />
      <RoleField control={control} />
    </FormDialog>
  );
}

function WhoField({ kind, control, project }: { kind: Draft['kind']; control: Control<Draft>; project: string }) {
  const { t } = useTranslation('member');
  const sources = useGroupSources();
  return kind === 'user' ? (
    <Controller
      name="person"
      control={control}
      rules={{ validate: (person) => person !== null || t('add.userMissing') }}
      render={({ field, fieldState }) => (
        <PersonSelect
          {...field}
          label={t('add.user')}
          description={t('add.userHelp')}
          project={project}
          sources={sources}
          error={fieldState.error?.message}
        />
      )}
    />
  ) : (
    <Controller
      name="group"
      control={control}
      rules={{ validate: (group) => group !== null || t('add.groupMissing') }}
      render={({ field, fieldState }) => (
        <GroupSelect
          {...field}
          label={t('add.group')}
          description={t('add.groupHelp')}
          sources={sources}
          project={project}
          error={fieldState.error?.message}
        />
      )}
    />
  );
}

function RoleField({ control }: { control: Control<Draft> }) {
  return (
    <Controller
      name="role"
      control={control}
      render={({ field }) => <RoleChoice value={field.value} onChange={field.onChange} />}
    />
  );
}

function KindChoice(props: { value: Draft['kind']; onChange: (kind: string) => void }) {
  const { t } = useTranslation('member');
  return (
    <SegmentedControl
      aria-label={t('column.kind')}
      value={props.value}
      onChange={props.onChange}
      data={(['user', 'group'] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
    />
  );
}
