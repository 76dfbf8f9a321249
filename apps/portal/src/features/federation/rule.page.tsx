import type { FederationRule } from '@moorage/contracts';
import {
  Button,
  ConfirmDestroy,
  CopyCommand,
  ExactTime,
  Facts,
  Group,
  PageHeader,
  PageSkeleton,
  Panel,
  SplitColumns,
  Text,
  TimeAgo,
  toast,
} from '@moorage/ui';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { GrantWords } from '../../shared/permission/grant-words.tsx';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { ciSnippets } from './ci-snippets.rules.ts';
import { type RuleScope, useDeleteRule, useRule, useSetRuleDisabled } from './federation.queries.ts';
import { grantsOf, systemOfIssuer } from './federation-draft.rules.ts';
import { EditRuleLink, useRulePlaces } from './rule-places.tsx';
import { RuleState } from './rule-state.tsx';

/** A trust rule of a project. */
export function RulePage() {
  const project = useProject();
  const { ruleId } = useParams({ from: '/app/projects/$project/federation/$ruleId' });
  const { can } = useProjectAccess(project.project_id);
  return <Rule scope={project.name} id={Number(ruleId)} mayChange={can('federation:update')} />;
}

/** A trust rule of the whole registry. */
export function SystemRulePage() {
  const { t } = useTranslation('federation');
  const { ruleId } = useParams({ from: '/app/signed-in/federation/$ruleId' });
  const admin = useIsAdmin();
  return (
    <>
      <PageHeader trail={<Link to="/federation">{t('title')}</Link>} title={t('rule')} />
      <Rule scope={null} id={Number(ruleId)} mayChange={admin} />
    </>
  );
}

/** What a rule asks, what it gives, and what to write into the CI configuration. */
function Rule(props: { scope: RuleScope; id: number; mayChange: boolean }) {
  const { t } = useTranslation('federation');
  const { scope } = props;
  const { data: rule, error, refetch } = useRule(scope, props.id);
  useTitle(rule?.name, scope ?? t('title'));
  const denied = scope === null ? t('systemDenied') : t('denied');
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={denied} />;
  if (rule === undefined) return <PageSkeleton />;
  return (
    <SplitColumns
      main={
        <>
          <Panel title={t('use.title')}>
            <Text size="sm" c="dimmed" mb="sm">
              {t('use.text')}
            </Text>
            <Snippets rule={rule} />
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
          {props.mayChange ? <Actions rule={rule} scope={scope} /> : null}
        </Panel>
      }
    />
  );
}

function RuleFacts(props: { rule: FederationRule }) {
  const { t } = useTranslation('federation');
  const { rule } = props;
  const inProjects = grantsOf(rule, 'project');
  const inSystem = grantsOf(rule, 'system');
  const namespaces = [
    ...new Set(rule.permissions.filter((entry) => entry.kind === 'project').map((entry) => entry.namespace)),
  ];
  return (
    <Facts
      rows={[
        { label: t('column.state'), value: <RuleState disabled={rule.disable} /> },
        { label: t('form.description'), value: rule.description },
        { label: t('column.issuer'), value: rule.issuer },
        { label: t('form.audience'), value: rule.audience },
        { label: t('form.grants'), value: inProjects.size > 0 ? <GrantWords grants={inProjects} /> : '' },
        {
          label: t('form.projects'),
          value: namespaces.includes('*') ? t('form.allProjects') : namespaces.join(', '),
        },
        { label: t('form.systemGrantsTitle'), value: inSystem.size > 0 ? <GrantWords grants={inSystem} /> : '' },
        { label: t('form.minutes'), value: rule.token_minutes },
        { label: t('column.lastUsed'), value: <TimeAgo value={rule.last_used_at} never={t('neverUsed')} /> },
        { label: t('column.lastUsedBy'), value: rule.last_used_by },
        { label: t('column.created'), value: <ExactTime value={rule.creation_time} /> },
      ]}
    />
  );
}

function Snippets(props: { rule: FederationRule }) {
  const { t } = useTranslation('federation');
  const place = useRegistryPlace();
  const [shown, setShown] = useState<string>(() => systemOfIssuer(props.rule.issuer));
  const project = props.rule.permissions.find(({ namespace }) => namespace !== '/' && namespace !== '*')?.namespace;
  return (
    <CopyCommand
      label={t('use.title')}
      variants={ciSnippets({
        place,
        audience: props.rule.audience,
        repository: `${project ?? 'my-project'}/my-app`,
        subject: props.rule.conditions.find(({ claim }) => claim === 'sub')?.values[0],
      })}
      selected={shown}
      onSelect={setShown}
    />
  );
}

function Actions(props: { rule: FederationRule; scope: RuleScope }) {
  const { t } = useTranslation('federation');
  const problem = useProblem();
  const setDisabled = useSetRuleDisabled(props.scope);
  const [ending, setEnding] = useState(false);
  const { rule } = props;
  return (
    <Group gap="xs" mt="md">
      <EditRuleLink scope={props.scope} id={rule.id}>
        {t('edit')}
      </EditRuleLink>
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

function DeleteDialog(props: { rule: FederationRule; scope: RuleScope; onClose: () => void }) {
  const { t } = useTranslation('federation');
  const problem = useProblem();
  const { toList } = useRulePlaces(props.scope);
  const remove = useDeleteRule(props.scope);
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
        toList();
      }}
    />
  );
}
