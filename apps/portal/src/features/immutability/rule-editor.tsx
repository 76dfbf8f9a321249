import type { ImmutableRule } from '@moorage/contracts';
import { Button, FormActions, Panel, toast, useDebouncedValue, useUi } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { RestoredDraft } from '../../shared/form/restored-draft.tsx';
import { useDraft } from '../../shared/form/use-draft.ts';
import type { ListSearch } from '../../shared/list/list-search.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { ListSection } from '../../shared/page/list-section.tsx';
import { SelectorFields } from '../../shared/policy/selector-fields.tsx';
import { draftOf, isComplete } from '../../shared/policy/selector.rules.ts';
import { type Coverage, useSaveRule } from './immutability.queries.ts';
import classes from './immutability.module.css';

const TYPING_MS = 300;

const CoveredTags = lazyPart(() => import('./covered-tags.tsx'), 'CoveredTags');

/** A rule beside the tags it covers, which follow while it is written. */
export function RuleEditor(props: {
  project: string;
  start: Coverage;
  saved: ImmutableRule | null;
  search: ListSearch;
  /** What else can be done with a saved rule. */
  children?: ReactNode;
}) {
  const { t } = useTranslation('immutability');
  const { text } = useUi();
  const form = useRuleForm(props);
  const { repositories, tags, kept, save, tried } = form;
  const problem = useProblem();
  const [shown] = useDebouncedValue(form.complete ? JSON.stringify({ repositories, tags }) : '', TYPING_MS);
  return (
    <>
      <Panel title={props.saved === null ? t('create.title') : t('rule', { id: props.saved.id })}>
        {kept.restored ? <RestoredDraft onDiscard={kept.discard} /> : null}
        <form onSubmit={form.submit} noValidate className={classes.form}>
          <SelectorFields
            of="tags"
            value={tags}
            onChange={(next) => kept.set((before) => ({ ...before, tags: next }))}
            tried={tried}
          />
          <SelectorFields
            of="repositories"
            value={repositories}
            onChange={(next) => kept.set((before) => ({ ...before, repositories: next }))}
            tried={tried}
          />
          <Failure text={save.error ? (isStatus(save.error, 409) ? t('twin') : problem.text(save.error)) : null} />
          <FormActions>
            <Button type="submit" loading={save.isPending}>
              {props.saved === null ? t('create.submit') : t('save')}
            </Button>
            <Button variant="default" onClick={form.leave}>
              {text.actions.cancel}
            </Button>
            {props.children}
          </FormActions>
        </form>
      </Panel>
      <ListSection title={t('covered.title')} text={t('covered.text')}>
        <CoveredTags
          project={props.project}
          coverage={shown === '' ? null : (JSON.parse(shown) as Coverage)}
          search={props.search}
        />
      </ListSection>
    </>
  );
}

/** What the form says, and its ways out: saved, or given up. */
function useRuleForm(props: { project: string; start: Coverage; saved: ImmutableRule | null }) {
  const { t } = useTranslation('immutability');
  const navigate = useNavigate();
  const save = useSaveRule(props.project, props.saved);
  const [start] = useState(() => ({
    repositories: draftOf(props.start.repositories),
    tags: draftOf(props.start.tags),
  }));
  const kept = useDraft(`immutability:${props.project}:${props.saved?.id ?? 'new'}`, start);
  const { repositories, tags } = kept.value;
  const [tried, setTried] = useState(false);
  const complete = isComplete(repositories) && isComplete(tags);
  const leave = () => {
    kept.forget();
    void navigate({ to: '/projects/$project/policies/immutability', params: { project: props.project }, search: {} });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!complete) {
      focusFirstBlank(repositories, tags);
      return;
    }
    save.mutate(
      { repositories, tags },
      {
        onSuccess: () => {
          toast({ tone: 'success', message: t('saved') });
          leave();
        },
      },
    );
  };
  return { repositories, tags, kept, save, tried, complete, submit, leave };
}

function focusFirstBlank(repositories: ReturnType<typeof draftOf>, tags: ReturnType<typeof draftOf>): void {
  const blank = (of: string, rows: ReturnType<typeof draftOf>) => {
    const row = rows.find((entry) => entry.pattern.trim() === '');
    return row === undefined ? null : `${of}-${row.key}`;
  };
  const id = blank('tags', tags) ?? blank('repositories', repositories);
  if (id !== null) document.getElementById(id)?.focus();
}
