import type { IdentitySource } from '@moorage/contracts';
import { Button, FormActions, FormSection, NumberInput, Switch, TextInput, toast } from '@moorage/ui';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { Link } from '../../shared/links.tsx';
import { ProviderFacts } from './provider-facts.tsx';
import { SourceChecks } from './source-checks.tsx';
import { SourceFieldInput } from './source-field-input.tsx';
import { missingFields, SOURCE_FIELDS, settingsOf, type SourceKind, startValues } from './source-fields.rules.ts';
import { useSaveSource, useTestSource } from './identity-source.queries.ts';
import { TestLogin } from './test-login.tsx';
import classes from './identity-source.module.css';

/** All settings of a source. They can be tried before they are saved. */
export function SourceForm(props: { kind: SourceKind; saved: IdentitySource | null }) {
  const { t } = useTranslation('identity-source');
  const { kind, saved } = props;
  const draft = useSourceDraft(kind, saved);
  const test = useTestSource(kind, saved);
  return (
    <form onSubmit={(event) => draft.submit(event)} noValidate className={classes.form}>
      <p className={classes.trail}>
        <Link to="/settings/auth">{t('title')}</Link>
      </p>
      <h2 className={classes.title}>{saved?.name ?? t('newTitle', { kind: t(`kind.${kind}.name`) })}</h2>
      {kind === 'oidc' ? <ProviderFacts /> : null}
      <SourceFacts draft={draft} />
      {SOURCE_FIELDS[kind].map((group) => (
        <FormSection key={group.id} title={t(`group.${group.id}.title`)} description={t(`group.${group.id}.text`)}>
          {group.fields.map((field) => (
            <SourceFieldInput
              key={field.key}
              kind={kind}
              field={field}
              value={draft.values[field.key] ?? ''}
              secretSet={saved?.oidc?.client_secret_set === true || saved?.ldap?.search_password_set === true}
              missing={draft.missing.includes(field.key)}
              onChange={(value) => draft.set(field.key, value)}
            />
          ))}
        </FormSection>
      ))}
      <FormSection title={t('test.title')} description={t('test.text')}>
        <SourceChecks test={test} onTest={() => draft.ifComplete(() => test.mutate(settingsOf(kind, draft.values)))} />
        {kind === 'oidc' ? <TestLogin sourceId={saved?.id ?? null} read={draft.read} /> : null}
        <Failure text={draft.failure} />
        <FormActions>
          <Button type="submit" loading={draft.saving}>
            {saved === null ? t('create') : t('save')}
          </Button>
        </FormActions>
      </FormSection>
    </form>
  );
}

type Draft = ReturnType<typeof useSourceDraft>;

function SourceFacts(props: { draft: Draft }) {
  const { t } = useTranslation('identity-source');
  const { draft } = props;
  return (
    <FormSection title={t('facts.title')} description={t('facts.text')}>
      <TextInput
        id="source-name"
        label={t('column.name')}
        description={t('facts.nameHelp')}
        maxLength={64}
        autoComplete="off"
        value={draft.name}
        error={draft.nameProblem}
        onChange={(event) => draft.setName(event.currentTarget.value)}
      />
      <Switch
        label={t('facts.enabled')}
        description={t('facts.enabledHelp')}
        checked={draft.enabled}
        onChange={(event) => draft.setEnabled(event.currentTarget.checked)}
      />
      <NumberInput
        label={t('column.position')}
        description={t('facts.positionHelp')}
        w={160}
        min={0}
        max={1000}
        allowDecimal={false}
        value={draft.position}
        onChange={(value) => draft.setPosition(Number(value) || 0)}
      />
    </FormSection>
  );
}

function useSourceDraft(kind: SourceKind, saved: IdentitySource | null) {
  const { t } = useTranslation('identity-source');
  const problem = useProblem();
  const navigate = useNavigate();
  const save = useSaveSource(kind, saved);
  const [start] = useState(() => startValues(kind, saved));
  const [values, setValues] = useState(start);
  const [name, setName] = useState(saved?.name ?? '');
  const [enabled, setEnabled] = useState(saved?.enabled ?? true);
  const [position, setPosition] = useState(saved?.position ?? 0);
  const [tried, setTried] = useState(false);
  const missing = tried ? missingFields(kind, values) : [];
  const dirty = Object.keys(values).some((key) => values[key] !== start[key]) || name !== (saved?.name ?? '');
  const leaving = dirty && !save.isSuccess && !save.isPending;
  useBlocker({ shouldBlockFn: () => leaving && !window.confirm(t('leave')), enableBeforeUnload: () => leaving });

  const ifComplete = (then: () => void) => {
    setTried(true);
    const [first] = missingFields(kind, values);
    if (first === undefined) then();
    else document.getElementById(`source-${first}`)?.focus();
  };
  /** The settings as typed, or null while something needed is missing. */
  const read = () => {
    let settings: Record<string, unknown> | null = null;
    ifComplete(() => {
      settings = settingsOf(kind, values);
    });
    return settings;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') {
      setTried(true);
      document.getElementById('source-name')?.focus();
      return;
    }
    ifComplete(() =>
      save.mutate(
        { name: name.trim(), enabled, position, settings: settingsOf(kind, values) },
        {
          onSuccess: () => {
            toast({ tone: 'success', message: t('saved', { name: name.trim() }) });
            void navigate({ to: '/settings/auth', ignoreBlocker: true });
          },
        },
      ),
    );
  };
  const taken = isStatus(save.error, 409);
  return {
    values,
    set: (key: string, value: string | number | boolean) => setValues((before) => ({ ...before, [key]: value })),
    name,
    setName,
    nameProblem: taken ? t('facts.taken') : tried && name.trim() === '' ? t('facts.nameMissing') : undefined,
    enabled,
    setEnabled,
    position,
    setPosition,
    missing,
    saving: save.isPending,
    failure: save.error && !taken ? problem.text(save.error) : null,
    ifComplete,
    read,
    submit,
  };
}
