import { DeniedState, PageSkeleton, Panel, Radio, Stack } from '@moorage/ui';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { grantsOfPreset } from '../../shared/permission/permission.rules.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useJobOffer, useRule } from './federation.queries.ts';
import { CI_SYSTEMS, draftOfRule, startOfRule, systemOfIssuer } from './federation-draft.rules.ts';
import { RuleForm } from './rule-form.tsx';

/** A new rule: first the CI system, which fills in most of the rest. */
export function RuleWizardPage() {
  const { t } = useTranslation('federation');
  const project = useProject();
  const navigate = useNavigate();
  const { ci } = useSearch({ from: '/app/projects/$project/federation/new' });
  const { can, known } = useProjectAccess(project.project_id);
  const offer = useJobOffer().data;
  useTitle(t('create.title'), project.name);
  if (!known || offer === undefined) return <PageSkeleton />;
  if (!can('federation:create')) return <DeniedState text={t('create.denied')} />;
  return (
    <Panel title={t('create.title')}>
      <Radio.Group
        label={t('create.system')}
        description={t('create.systemHelp')}
        value={ci ?? ''}
        mb="lg"
        onChange={(value) =>
          void navigate({ to: '.', replace: true, search: { ci: CI_SYSTEMS.find((entry) => entry === value) } })
        }
      >
        <Stack gap={10} mt={8}>
          {CI_SYSTEMS.map((system) => (
            <Radio key={system} value={system} label={t(`system.${system}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {ci === undefined ? null : (
        <RuleForm
          key={ci}
          system={ci}
          start={startOfRule(ci, location.origin, grantsOfPreset('push', offer))}
          offer={offer}
          saved={null}
        />
      )}
    </Panel>
  );
}

/** Changes a rule. */
export function RuleEditPage() {
  const { t } = useTranslation('federation');
  const project = useProject();
  const { ruleId } = useParams({ from: '/app/projects/$project/federation/$ruleId/edit' });
  const { data: rule, error, refetch } = useRule(project.name, Number(ruleId));
  const offer = useJobOffer().data;
  useTitle(rule?.name, project.name);
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={t('denied')} />;
  if (rule === undefined || offer === undefined) return <PageSkeleton />;
  return (
    <Panel title={rule.name}>
      <RuleForm system={systemOfIssuer(rule.issuer)} start={draftOfRule(rule)} offer={offer} saved={rule} />
    </Panel>
  );
}
