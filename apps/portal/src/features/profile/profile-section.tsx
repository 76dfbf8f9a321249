import { checkComment, checkEmail, checkRealname, type User } from '@moorage/contracts';
import { Button, Fields, FormActions, FormSection, TextInput, toast } from '@moorage/ui';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useSaveProfile } from './profile.queries.ts';

/** E-mail address and full name. */
export function ProfileSection(props: { user: User }) {
  const { t } = useTranslation(['profile', 'shared']);
  const { user } = props;
  const problem = useProblem();
  const save = useSaveProfile(user);
  const { register, handleSubmit, formState, reset } = useForm({
    mode: 'onTouched',
    defaultValues: { email: user.email, realname: user.realname, comment: user.comment },
  });
  const { errors, isDirty } = formState;
  const submit = handleSubmit((profile) =>
    save.mutate(profile, {
      onSuccess: () => {
        reset(profile);
        toast({ tone: 'success', message: t('profile.saved') });
      },
    }),
  );
  return (
    <FormSection title={t('profile.title')} description={t('profile.text')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Fields>
          <TextInput
            label={t('profile.email')}
            type="email"
            autoComplete="email"
            error={errors.email?.message}
            {...register('email', { validate: (value) => checkEmail(value) === null || t('profile.emailRule') })}
          />
          <TextInput
            label={t('profile.realname')}
            autoComplete="name"
            error={errors.realname?.message}
            {...register('realname', {
              validate: (value) => checkRealname(value) === null || t('profile.realnameRule'),
            })}
          />
          <TextInput
            label={t('profile.comment')}
            error={errors.comment?.message}
            {...register('comment', { validate: (value) => checkComment(value) === null || t('profile.commentRule') })}
          />
          <Failure text={save.error ? problem.text(save.error) : null} />
          <FormActions>
            <Button type="submit" variant={isDirty ? 'filled' : 'default'} loading={save.isPending}>
              {t('shared:save')}
            </Button>
          </FormActions>
        </Fields>
      </form>
    </FormSection>
  );
}
