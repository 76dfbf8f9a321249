import { checkUsername, getOidcOnboarding, onboardOidcUser, type ResponseOf } from '@moorage/contracts';
import { Badge, Button, Facts, Stack, Text, TextInput, TextSkeleton } from '@moorage/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { callAsIs } from '../../shared/api/client.ts';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { ButtonLink } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { safeReturn } from './safe-return.rules.ts';
import { SignInCard } from './sign-in-card.tsx';
import classes from './sign-in.module.css';

type Newcomer = ResponseOf<typeof getOidcOnboarding>;

/** The first sign-in through a provider: who the person is, and what they are called here from now on. */
export function OnboardPage() {
  const { t } = useTranslation('session');
  const problem = useProblem();
  const { data, error } = useQuery({
    queryKey: ['session', 'onboarding'],
    queryFn: async ({ signal }) => (await callAsIs(getOidcOnboarding, { signal })).data,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  useTitle(t('onboard.title'));
  if (error) {
    return (
      <SignInCard
        title={t('onboard.goneTitle')}
        text={isStatus(error, 404) ? t('onboard.goneText') : problem.text(error)}
      >
        <ButtonLink to="/login" look="primary">
          {t('onboard.again')}
        </ButtonLink>
      </SignInCard>
    );
  }
  return (
    <SignInCard wide title={t('onboard.title')} text={t('onboard.text')}>
      {data === undefined ? <TextSkeleton lines={6} /> : <OnboardForm newcomer={data} />}
    </SignInCard>
  );
}

function OnboardForm(props: { newcomer: Newcomer }) {
  const { t } = useTranslation('session');
  const problem = useProblem();
  const { newcomer } = props;
  const finish = useMutation({
    mutationFn: async (username: string) => (await callAsIs(onboardOidcUser, { body: { username } })).data.location,
  });
  const { register, handleSubmit, formState, control, setError } = useForm({
    mode: 'onChange',
    defaultValues: { username: newcomer.suggestion ?? newcomer.username },
  });
  const username = useWatch({ control, name: 'username' });
  const submit = handleSubmit(async (input) => {
    try {
      const to = await finish.mutateAsync(input.username);
      location.replace(safeReturn(to));
    } catch (error) {
      if (isStatus(error, 409)) setError('username', { message: t('onboard.taken') }, { shouldFocus: true });
    }
  });
  // Without a suggestion the provider's name cannot be used as it is.
  const unusable = newcomer.suggestion === undefined && username === newcomer.username;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <Newcomer newcomer={newcomer} />
        <TextInput
          label={t('onboard.username')}
          description={t('onboard.usernameHelp')}
          size="md"
          autoFocus
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={255}
          error={formState.errors.username?.message ?? (unusable ? t('onboard.unusable') : undefined)}
          {...register('username', { validate: (value) => checkUsername(value) === null || t('onboard.rule') })}
        />
        <Failure text={finish.error && !isStatus(finish.error, 409) ? problem.text(finish.error) : null} />
        <Button type="submit" size="md" fullWidth loading={finish.isPending || finish.isSuccess}>
          {t('onboard.submit', { name: username })}
        </Button>
      </Stack>
    </form>
  );
}

/** What the provider said about the person. */
function Newcomer(props: { newcomer: Newcomer }) {
  const { t } = useTranslation('session');
  const { source, realname, email, groups } = props.newcomer;
  return (
    <Facts
      rows={[
        { label: t('onboard.source'), value: source },
        { label: t('onboard.realname'), value: realname },
        { label: t('onboard.email'), value: email },
        {
          label: t('onboard.groups'),
          value:
            groups.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('onboard.noGroups')}
              </Text>
            ) : (
              <span className={classes.groups}>
                {groups.map((group) => (
                  <Badge key={group} variant="light" tt="none">
                    {group}
                  </Badge>
                ))}
              </span>
            ),
        },
      ]}
    />
  );
}
