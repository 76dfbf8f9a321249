import type { FederationRule } from '@moorage/contracts';
import {
  Button,
  ConfirmDestroy,
  CopyCommand,
  ExactTime,
  Facts,
  Group,
  PageSkeleton,
  Panel,
  SplitColumns,
  Text,
  TimeAgo,
  toast,
} from '@moorage/ui';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { ButtonLink } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { GrantWords } from '../../shared/permission/grant-words.tsx';
import { grantsOfOffer } from '../../shared/permission/permission.rules.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { ciSnippets } from './ci-snippets.rules.ts';
import { useDeleteRule, useRule, useSetRuleDisabled } from './federation.queries.ts';
import { systemOfIssuer } from './federation-draft.rules.ts';
import { RuleState } from './rule-state.tsx';

/** A trust rule: what it asks, what it gives, and what to write into the CI configuration. */
export function RulePage() {
  const { t } = useTranslation('federation');
  const project = useProject();
  const { ruleId } = useParams({ from: '/app/projects/$project/federation/$ruleId' });
  const { data: rule, error, refetch } = useRule(project.name, Number(ruleId));
  useTitle(rule?.name, project.name);
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} />;
  if (rule === undefined) return <PageSkeleton />;
  return (
    <SplitColumns
      main={
        <>
          <Panel title={t('use.title')}>
            <Text size="sm" c="dimmed" mb="sm">
              {t('use.text')}
            </Text>
            <Snippets rule={rule} project={project.name} />
          </Panel>
          <Panel title={t('column.conditions')}>
            <Facts
              rows={rule.conditions.map((entry) => ({
                label: entry.claim,
                value: `${t(`match.${entry.match}`)}: ${entry.values.join(', ')}`,
              }))}
            />
          </Panel>
        </>
      }
      side={
        <Panel title={rule.name}>
          <RuleFacts rule={rule} />
          <Actions rule={rule} project={project.name} />
        </Panel>
      }
    />
  );
}

function RuleFacts(props: { rule: FederationRule }) {
  const { t } = useTranslation('federation');
  const { rule } = props;
  return (
    <Facts
      rows={[
        { label: t('column.state'), value: <RuleState disabled={rule.disable} /> },
        { label: t('form.description'), value: rule.description },
        { label: t('column.issuer'), value: rule.issuer },
        { label: t('form.audience'), value: rule.audience },
        {
          label: t('form.grants'),
          value: <GrantWords grants={new Set(rule.permissions.flatMap((entry) => grantsOfOffer(entry.access)))} />,
        },
        { label: t('form.minutes'), value: rule.token_minutes },
        { label: t('column.lastUsed'), value: <TimeAgo value={rule.last_used_at} never={t('neverUsed')} /> },
        { label: t('column.lastUsedBy'), value: rule.last_used_by },
        { label: t('column.created'), value: <ExactTime value={rule.creation_time} /> },
      ]}
    />
  );
}

function Snippets(props: { rule: FederationRule; project: string }) {
  const { t } = useTranslation('federation');
  const place = useRegistryPlace();
  const [shown, setShown] = useState<string>(() => systemOfIssuer(props.rule.issuer));
  return (
    <CopyCommand
      label={t('use.title')}
      variants={ciSnippets({ place, audience: props.rule.audience, repository: `${props.project}/my-app` })}
      selected={shown}
      onSelect={setShown}
    />
  );
}

function Actions(props: { rule: FederationRule; project: string }) {
  const { t } = useTranslation('federation');
  const problem = useProblem();
  const { can } = useProjectAccess(useProject().project_id);
  const setDisabled = useSetRuleDisabled(props.project);
  const [ending, setEnding] = useState(false);
  const { rule } = props;
  const params = { project: props.project, ruleId: String(rule.id) };
  if (!can('federation:update')) return null;
  return (
    <Group gap="xs" mt="md">
      <ButtonLink to="/projects/$project/federation/$ruleId/edit" params={params} small>
        {t('edit')}
      </ButtonLink>
      <Button
        size="xs"
        variant="default"
        loading={setDisabled.isPending}
        onClick={() =>
          setDisabled.mutate(
            { id: rule.id, disable: !rule.disable },
            { onError: (error) => toast({ tone: 'problem', title: t('changeFailed'), message: problem.text(error) }) },
          )
        }
      >
        {rule.disable ? t('enable') : t('disable')}
      </Button>
      <Button size="xs" color="red" variant="outline" onClick={() => setEnding(true)}>
        {t('delete.action')}
      </Button>
      {ending ? <DeleteDialog {...props} onClose={() => setEnding(false)} /> : null}
    </Group>
  );
}

function DeleteDialog(props: { rule: FederationRule; project: string; onClose: () => void }) {
  const { t } = useTranslation('federation');
  const problem = useProblem();
  const navigate = useNavigate();
  const remove = useDeleteRule(props.project);
  const { id, name } = props.rule;
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('delete.title', { name })}
      action={t('delete.action')}
      consequences={[t('delete.goes')]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(id);
        toast({ tone: 'success', message: t('delete.done', { name }) });
        void navigate({ to: '/projects/$project/federation', params: { project: props.project } });
      }}
    />
  );
}
