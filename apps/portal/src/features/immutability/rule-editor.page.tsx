import { Button, DeniedState, EmptyState, IconLock, PageSkeleton } from '@moorage/ui';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { ButtonLink } from '../../shared/links.tsx';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { coverageOf, useImmutableRule } from './immutability.queries.ts';
import { RuleEditor } from './rule-editor.tsx';

const RuleDeleteDialog = lazyPart(() => import('./rule-delete-dialog.tsx'), 'RuleDeleteDialog');

/** A new immutability rule. */
export function ImmutableRuleNewPage() {
  const { t } = useTranslation('immutability');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/policies/immutability/new' });
  const { can, known } = useProjectAccess(project.project_id);
  useTitle(t('create.title'), project.name);
  if (!known) return <PageSkeleton />;
  if (!can('immutable-tag:create')) return <DeniedState text={t('create.denied')} />;
  return <RuleEditor project={project.name} start={{ repositories: [], tags: [] }} saved={null} search={search} />;
}

/** A rule, the tags it covers, and its end. */
export function ImmutableRulePage() {
  const { t } = useTranslation('immutability');
  const project = useProject();
  const navigate = useNavigate();
  const { ruleId } = useParams({ from: '/app/projects/$project/policies/immutability/$ruleId' });
  const search = useSearch({ from: '/app/projects/$project/policies/immutability/$ruleId' });
  const { can } = useProjectAccess(project.project_id);
  const { data: rule, error, refetch } = useImmutableRule(project.name, Number(ruleId));
  const [ending, setEnding] = useState(false);
  useTitle(t('rule', { id: ruleId }), project.name);
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} />;
  if (rule === undefined) return <PageSkeleton />;
  const params = { project: project.name };
  if (rule === null) {
    return (
      <EmptyState icon={<IconLock size={28} />} title={t('missing.title', { id: ruleId })} text={t('missing.text')}>
        <ButtonLink to="/projects/$project/policies/immutability" params={params} search={{}} look="primary">
          {t('missing.up')}
        </ButtonLink>
      </EmptyState>
    );
  }
  return (
    <>
      <RuleEditor key={rule.id} project={project.name} start={coverageOf(rule)} saved={rule} search={search}>
        {can('immutable-tag:delete') ? (
          <Button color="red" variant="outline" onClick={() => setEnding(true)}>
            {t('delete.action')}
          </Button>
        ) : null}
      </RuleEditor>
      {ending ? (
        <RuleDeleteDialog
          project={project.name}
          rule={rule}
          onClose={() => setEnding(false)}
          onDone={() => void navigate({ to: '/projects/$project/policies/immutability', params, search: {} })}
        />
      ) : null}
    </>
  );
}
