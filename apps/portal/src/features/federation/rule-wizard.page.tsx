import type { FederationRule } from '@moorage/contracts';
import { DeniedState, PageHeader, PageSkeleton, Panel, Radio, Stack } from '@moorage/ui';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { grantsOfPreset } from '../../shared/permission/permission.rules.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { type RuleScope, useJobOffer, useRule } from './federation.queries.ts';
import {
  CI_SYSTEMS,
  type CiSystem,
  draftOfRule,
  isEven,
  startOfRule,
  systemOfIssuer,
} from './federation-draft.rules.ts';
import { RuleForm } from './rule-form.tsx';

/** A new rule of a project. */
export function RuleWizardPage() {
  const { t } = useTranslation('federation');
  const project = useProject();
  const { ci } = useSearch({ from: '/app/projects/$project/federation/new' });
  const { can, known } = useProjectAccess(project.project_id);
  useTitle(t('create.title'), project.name);
  if (!known) return <PageSkeleton />;
  if (!can('federation:create')) return <DeniedState text={t('create.denied')} />;
  return (
    <Panel title={t('create.title')}>
      <Wizard scope={project.name} ci={ci} />
    </Panel>
  );
}

/** A new rule of the whole registry. */
export function SystemRuleWizardPage() {
  const { t } = useTranslation('federation');
  const { ci } = useSearch({ from: '/app/signed-in/federation/new' });
  const admin = useIsAdmin();
  useTitle(t('create.title'));
  if (!admin) return <DeniedState text={t('systemDenied')} />;
  return (
    <>
      <PageHeader trail={<Link to="/federation">{t('title')}</Link>} title={t('create.title')} />
      <Panel>
        <Wizard scope={null} ci={ci} />
      </Panel>
    </>
  );
}

/** First the CI system, which fills in most of the rest. */
function Wizard(props: { scope: RuleScope; ci: CiSystem | undefined }) {
  const { t } = useTranslation('federation');
  const navigate = useNavigate();
  const offer = useJobOffer().data;
  const { scope, ci } = props;
  if (offer === undefined) return <PageSkeleton />;
  const begin = {
    audience: location.origin,
    grants: grantsOfPreset('push', offer.project),
    namespaces: [scope ?? '*'],
  };
  return (
    <>
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
        <RuleForm key={ci} scope={scope} system={ci} start={startOfRule(ci, begin)} offer={offer} saved={null} />
      )}
    </>
  );
}

/** Changes a rule of a project. */
export function RuleEditPage() {
  const project = useProject();
  const { ruleId } = useParams({ from: '/app/projects/$project/federation/$ruleId/edit' });
  return <Edit scope={project.name} id={Number(ruleId)} />;
}

/** Changes a rule of the whole registry. */
export function SystemRuleEditPage() {
  const { t } = useTranslation('federation');
  const { ruleId } = useParams({ from: '/app/signed-in/federation/$ruleId/edit' });
  return (
    <>
      <PageHeader trail={<Link to="/federation">{t('title')}</Link>} title={t('edit')} />
      <Edit scope={null} id={Number(ruleId)} />
    </>
  );
}

function Edit(props: { scope: RuleScope; id: number }) {
  const { t } = useTranslation('federation');
  const { data: rule, error, refetch } = useRule(props.scope, props.id);
  useTitle(rule?.name, props.scope ?? t('title'));
  const denied = props.scope === null ? t('systemDenied') : t('denied');
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={denied} />;
  if (rule === undefined) return <PageSkeleton />;
  return (
    <Panel title={rule.name}>
      {isEven(rule) ? <EditForm scope={props.scope} rule={rule} /> : <DeniedState text={t('form.uneven')} />}
    </Panel>
  );
}

function EditForm(props: { scope: RuleScope; rule: FederationRule }) {
  const { rule } = props;
  const offer = useJobOffer().data;
  if (offer === undefined) return <PageSkeleton />;
  return (
    <RuleForm
      scope={props.scope}
      system={systemOfIssuer(rule.issuer)}
      start={draftOfRule(rule)}
      offer={offer}
      saved={rule}
    />
  );
}
