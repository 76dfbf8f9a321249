import { checkTagName } from '@moorage/contracts';
import { TextInput, toast } from '@moorage/ui';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { type RepositoryPlace, useAddTag } from './repository.queries.ts';

/** Puts another tag on an artifact. */
export function AddTagDialog(props: {
  place: RepositoryPlace;
  digest: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const problem = useProblem();
  const add = useAddTag(props.place);
  const { register, handleSubmit, formState, setError } = useForm({ defaultValues: { name: '' } });
  const submit = handleSubmit(async ({ name }) => {
    try {
      await add.mutateAsync({ name, digest: props.digest });
      toast({ tone: 'success', message: t('tags.added', { name }) });
      props.onDone();
    } catch (error) {
      if (isStatus(error, 409)) setError('name', { message: t('tags.taken') }, { shouldFocus: true });
    }
  });
  return (
    <FormDialog
      title={t('tags.add')}
      submitLabel={t('tags.add')}
      busy={add.isPending}
      failure={add.error && !isStatus(add.error, 409) ? problem.text(add.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => void submit(event)}
    >
      <TextInput
        label={t('column.tag')}
        data-autofocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        error={formState.errors.name?.message}
        {...register('name', { validate: (name) => checkTagName(name) === null || t('tags.rule') })}
      />
    </FormDialog>
  );
}
