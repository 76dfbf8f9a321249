import { Button, FormActions, NativeSelect, Panel, Radio, Stack, TextInput, useUi } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { type Grant, grantsOfPreset, permissionsOf } from '../../shared/permission/permission.rules.ts';
import { useCreateToken, useTokenOffer } from './personal-token.queries.ts';
import classes from './personal-token.module.css';

const TokenScopeFields = lazyPart(() => import('./token-scope-fields.tsx'), 'TokenScopeFields');
const TokenCreated = lazyPart(() => import('./token-created.tsx'), 'TokenCreated');

/** Days a token can live; -1 for never. */
const LIVES = [7, 30, 90, 365, -1] as const;
const NO_GRANTS: ReadonlySet<Grant> = new Set();

interface Basics {
  readonly name: string;
  readonly description: string;
  readonly duration: string;
}

/** Makes a token: name, life and what it is for; then it is shown once. */
export function PersonalTokenNewPage() {
  const { t } = useTranslation('personal-token');
  const navigate = useNavigate();
  const create = useCreateToken();
  useTitle(t('create.title'));
  const leave = () => void navigate({ to: '/me/tokens' });
  if (create.data) return <TokenCreated token={create.data} onDone={leave} />;
  return (
    <Panel title={t('create.title')}>
      <TokenForm create={create} onCancel={leave} />
    </Panel>
  );
}

function TokenForm(props: { create: ReturnType<typeof useCreateToken>; onCancel: () => void }) {
  const { t } = useTranslation('personal-token');
  const { text } = useUi();
  const problem = useProblem();
  const { create } = props;
  const scope = useScope();
  const form = useForm<Basics>({ mode: 'onTouched', defaultValues: { name: '', description: '', duration: '30' } });

  const submit = form.handleSubmit(async ({ name, description, duration }) => {
    const permissions = scope.read();
    if (permissions === undefined) return;
    try {
      await create.mutateAsync({ name: name.trim(), description, duration: Number(duration), permissions });
    } catch (error) {
      if (isStatus(error, 409)) form.setError('name', { message: t('create.taken') }, { shouldFocus: true });
    }
  });
  const refused = create.error && !isStatus(create.error, 409) ? problem.text(create.error) : null;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className={classes.form}>
      <BasicFields form={form} />
      <Radio.Group
        label={t('column.scope')}
        value={scope.narrow ? 'narrow' : 'everything'}
        onChange={(value) => scope.setNarrow(value === 'narrow')}
      >
        <Stack gap={10} mt={8}>
          <Radio value="everything" label={t('scope.everything')} description={t('scope.everythingText')} />
          <Radio value="narrow" label={t('scope.narrow')} description={t('scope.narrowText')} />
        </Stack>
      </Radio.Group>
      {scope.narrow && scope.fields !== null ? <TokenScopeFields {...scope.fields} /> : null}
      <Failure text={scope.missing ? t('scope.missing') : refused} />
      <FormActions>
        <Button type="submit" loading={create.isPending}>
          {t('create.submit')}
        </Button>
        <Button variant="default" onClick={props.onCancel}>
          {text.actions.cancel}
        </Button>
      </FormActions>
    </form>
  );
}

/** What the token may do: everything its owner may, or chosen rights in chosen projects. */
function useScope() {
  const offer = useTokenOffer().data;
  const [narrow, setNarrow] = useState(false);
  const [namespaces, setNamespaces] = useState<readonly string[]>(['*']);
  const [chosen, setChosen] = useState<ReadonlySet<Grant> | null>(null);
  const [tried, setTried] = useState(false);
  const grants = chosen ?? (offer === undefined ? NO_GRANTS : grantsOfPreset('pull', offer));
  const empty = narrow && (grants.size === 0 || namespaces.length === 0);
  return {
    narrow,
    setNarrow,
    missing: tried && empty,
    fields:
      offer === undefined ? null : { offer, grants, onGrants: setChosen, namespaces, onNamespaces: setNamespaces },
    /** The permissions of the wire; null for everything, undefined while something must still be chosen. */
    read: () => {
      setTried(true);
      if (empty) return undefined;
      return narrow ? permissionsOf({ system: NO_GRANTS, project: grants, namespaces }) : null;
    },
  };
}

function BasicFields(props: { form: UseFormReturn<Basics> }) {
  const { t } = useTranslation('personal-token');
  const { register, formState } = props.form;
  return (
    <>
      <TextInput
        label={t('column.name')}
        description={t('create.nameHelp')}
        autoFocus
        autoComplete="off"
        maxLength={255}
        error={formState.errors.name?.message}
        {...register('name', { validate: (value) => value.trim() !== '' || t('create.nameMissing') })}
      />
      <TextInput label={t('create.description')} autoComplete="off" maxLength={1024} {...register('description')} />
      <NativeSelect
        label={t('create.life')}
        description={t('create.lifeHelp')}
        data={LIVES.map((days) => ({
          value: String(days),
          label: days < 0 ? t('create.forever') : t('create.days', { count: days }),
        }))}
        {...register('duration')}
      />
    </>
  );
}
