import { checkRobotName, type FederationRule } from '@moorage/contracts';
import { Button, FormActions, NumberInput, Textarea, TextInput, toast, useUi } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { GrantChoice } from '../../shared/permission/grant-choice.tsx';
import type { Grant } from '../../shared/permission/permission.rules.ts';
import { ConditionFields } from './condition-fields.tsx';
import { type RuleScope, useSaveRule } from './federation.queries.ts';
import { type CiSystem, placeholderIn, presetOf, type RuleDraft, ruleOf, valuesOf } from './federation-draft.rules.ts';
import { useRulePlaces } from './rule-places.tsx';
import classes from './federation.module.css';

const TokenTrial = lazyPart(() => import('./token-trial.tsx'), 'TokenTrial');
const SystemReach = lazyPart(() => import('./system-reach.tsx'), 'SystemReach');

/** All of a rule. A token can be tried against it before it is saved. */
export function RuleForm(props: {
  scope: RuleScope;
  system: CiSystem;
  start: RuleDraft;
  offer: { readonly project: readonly Grant[]; readonly system: readonly Grant[] };
  saved: FederationRule | null;
}) {
  const { t } = useTranslation('federation');
  const { text } = useUi();
  const { toList } = useRulePlaces(props.scope);
  const form = useRuleDraft(props.scope, props.start, props.saved);
  const { draft, set } = form;
  return (
    <form onSubmit={form.submit} noValidate className={classes.form}>
      <RuleBasics form={form} />
      <ConditionFields
        conditions={draft.conditions}
        claims={presetOf(props.system)?.claims ?? ['sub']}
        problem={form.problems.conditions}
        onChange={(conditions) => set({ conditions })}
      />
      <GrantChoice
        label={props.scope === null ? t('form.grantsInProjects') : t('form.grants')}
        offer={props.offer.project}
        value={draft.grants}
        onChange={(grants) => set({ grants })}
      />
      {props.scope === null ? <SystemReach draft={draft} offer={props.offer.system} onChange={set} /> : null}
      <Failure text={form.problems.grants ?? null} />
      <NumberInput
        label={t('form.minutes')}
        description={t('form.minutesHelp')}
        w={260}
        maw="100%"
        min={1}
        max={15}
        allowDecimal={false}
        value={draft.minutes}
        onChange={(value) => set({ minutes: Number(value) || 1 })}
      />
      <IssuerExtras draft={draft} onChange={set} open={props.system === 'kubernetes'} />
      <details className={classes.more}>
        <summary>{t('try.before')}</summary>
        <TokenTrial scope={props.scope} draft={draft} />
      </details>
      <Failure text={form.failure} />
      <FormActions>
        <Button type="submit" loading={form.saving}>
          {props.saved === null ? t('create.submit') : t('save')}
        </Button>
        <Button variant="default" onClick={toList}>
          {text.actions.cancel}
        </Button>
      </FormActions>
    </form>
  );
}

type Form = ReturnType<typeof useRuleDraft>;

function RuleBasics(props: { form: Form }) {
  const { t } = useTranslation('federation');
  const { draft, set, problems } = props.form;
  const written = (key: 'name' | 'description' | 'issuer' | 'audience') => ({
    id: `rule-${key}`,
    autoComplete: 'off',
    autoCapitalize: 'none',
    spellCheck: false,
    value: draft[key],
    onChange: (event: { currentTarget: { value: string } }) => set({ [key]: event.currentTarget.value }),
  });
  return (
    <>
      <TextInput label={t('column.name')} description={t('form.nameHelp')} error={problems.name} {...written('name')} />
      <TextInput label={t('form.description')} maxLength={1024} {...written('description')} />
      <TextInput
        label={t('column.issuer')}
        description={t('form.issuerHelp')}
        error={problems.issuer}
        {...written('issuer')}
      />
      <TextInput label={t('form.audience')} description={t('form.audienceHelp')} {...written('audience')} />
    </>
  );
}

/** What only issuers inside a network need. */
function IssuerExtras(props: { draft: RuleDraft; onChange: (patch: Partial<RuleDraft>) => void; open: boolean }) {
  const { t } = useTranslation('federation');
  const { draft, onChange } = props;
  return (
    <details className={classes.more} open={props.open || draft.keys !== '' || draft.certificate !== ''}>
      <summary>{t('form.extras')}</summary>
      <div className={classes.form}>
        <Textarea
          label={t('form.keys')}
          description={t('form.keysHelp')}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          placeholder='{"keys":[…]}'
          value={draft.keys}
          onChange={(event) => onChange({ keys: event.currentTarget.value })}
        />
        <Textarea
          label={t('form.certificate')}
          description={t('form.certificateHelp')}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={draft.certificate}
          onChange={(event) => onChange({ certificate: event.currentTarget.value })}
        />
      </div>
    </details>
  );
}

interface Problems {
  readonly name?: string;
  readonly issuer?: string;
  readonly conditions?: string;
  readonly grants?: string;
}

function useRuleDraft(scope: RuleScope, start: RuleDraft, saved: FederationRule | null) {
  const { t } = useTranslation('federation');
  const problem = useProblem();
  const { toRule } = useRulePlaces(scope);
  const save = useSaveRule(scope, saved);
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const check = useCheck();
  const found = check(draft);
  const taken = isStatus(save.error, 409);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [first] = Object.keys(found);
    if (first !== undefined) {
      document.getElementById(`rule-${first}`)?.focus();
      return;
    }
    save.mutate(ruleOf(draft), {
      onSuccess: (id) => {
        toast({ tone: 'success', message: t('saved', { name: draft.name.trim() }) });
        toRule(id);
      },
    });
  };
  const problems: Problems = tried ? found : {};
  return {
    draft,
    set: (patch: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...patch })),
    problems: taken ? { ...problems, name: t('form.taken') } : problems,
    saving: save.isPending,
    failure: save.error && !taken ? problem.text(save.error) : null,
    submit,
  };
}

/** What still keeps a rule from being saved, by field. The server has the last word. */
function useCheck(): (draft: RuleDraft) => Problems {
  const { t } = useTranslation('federation');
  const placeholder = (text: string) => {
    const found = placeholderIn(text);
    return found === null ? undefined : t('form.placeholder', { text: found });
  };
  return (draft) => {
    const name = checkRobotName(draft.name.trim()) === null ? undefined : t('form.nameRule');
    const issuer = draft.issuer.trim() === '' ? t('form.issuerMissing') : placeholder(draft.issuer);
    const empty = draft.conditions.some((entry) => entry.claim.trim() === '' || valuesOf(entry).length === 0);
    const conditions =
      empty || draft.conditions.length === 0
        ? t('form.conditionsMissing')
        : placeholder(draft.conditions.map((entry) => entry.values).join('\n'));
    return {
      ...(name === undefined ? {} : { name }),
      ...(issuer === undefined ? {} : { issuer }),
      ...(conditions === undefined ? {} : { conditions }),
      ...(givesSomething(draft) ? {} : { grants: t('form.grantsMissing') }),
    };
  };
}

function givesSomething(draft: RuleDraft): boolean {
  return draft.systemGrants.size > 0 || (draft.grants.size > 0 && draft.namespaces.length > 0);
}
