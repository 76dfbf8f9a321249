import type { ProjectRetention } from '@moorage/contracts';
import {
  Button,
  FormActions,
  Menu,
  NativeSelect,
  NumberInput,
  Panel,
  Text,
  toast,
  useDebouncedValue,
} from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { RestoredDraft } from '../../shared/form/restored-draft.tsx';
import { useDraft } from '../../shared/form/use-draft.ts';
import { cronOf, type ScheduleDraft, scheduleDraftOf, ScheduleFields } from '../../shared/job/schedule-fields.tsx';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { ButtonLink } from '../../shared/links.tsx';
import { ListSection } from '../../shared/page/list-section.tsx';
import { useProject } from '../../shared/project/project.queries.ts';
import {
  firstBlank,
  moved,
  type PolicyDraft,
  policyDraftOf,
  RULE_STARTS,
  type RuleDraft,
  startOfRule,
} from './retention-draft.rules.ts';
import { useSavePolicy } from './retention.queries.ts';
import classes from './retention.module.css';
import { RuleFields } from './rule-fields.tsx';

const PreviewPanel = lazyPart(() => import('./preview-panel.tsx'), 'PreviewPanel');
const LifecycleDialog = lazyPart(() => import('./lifecycle-dialog.tsx'), 'LifecycleDialog');

const TYPING_MS = 400;

/** The form of the rules, the schedule, and what would happen. */
export function Builder(props: { saved: ProjectRetention | null }) {
  const { t } = useTranslation('retention');
  const project = useProject();
  const form = useBuilder(project.name, props.saved);
  const [shown] = useDebouncedValue(form.draft, TYPING_MS);
  const [savedIds] = useState(() => props.saved?.rules.map((rule) => rule.id) ?? []);
  const complete = shown.rules.length > 0 && firstBlank(shown) === null;
  return (
    <>
      <Panel title={t('builder.title')} actions={<AddRule form={form} />}>
        {form.kept.restored ? <RestoredDraft onDiscard={form.kept.discard} /> : null}
        <form onSubmit={form.submit} noValidate>
          <ol className={classes.rules}>
            {form.draft.rules.map((rule, index) => (
              <RuleFields
                key={rule.key}
                rule={rule}
                number={index + 1}
                last={index === form.draft.rules.length - 1}
                tried={form.tried}
                projectId={project.project_id}
                onChange={(patch) => form.change(rule.key, patch)}
                onMove={(by) => form.setRules(moved(form.draft.rules, rule.key, by))}
                onRemove={() => form.setRules(form.draft.rules.filter((entry) => entry.key !== rule.key))}
              />
            ))}
          </ol>
          {form.draft.rules.length === 0 ? <Text c="dimmed">{t('builder.empty')}</Text> : null}
          <PolicyFields form={form} />
          <Failure text={form.failure} />
          <FormActions>
            <Button type="submit" loading={form.saving}>
              {t('builder.save')}
            </Button>
            <ButtonLink
              to="/projects/$project/policies/retention"
              params={{ project: project.name }}
              search={{}}
              onClick={form.kept.forget}
            >
              {t('builder.cancel')}
            </ButtonLink>
          </FormActions>
        </form>
      </Panel>
      <ListSection title={t('preview.title')} text={t('preview.text')}>
        <PreviewPanel project={project.name} draft={complete ? shown : undefined} saved={savedIds} />
      </ListSection>
    </>
  );
}

type Form = ReturnType<typeof useBuilder>;

function AddRule(props: { form: Form }) {
  const { t } = useTranslation('retention');
  const project = useProject();
  const { form } = props;
  const [importing, setImporting] = useState(false);
  const next = Math.max(-1, ...form.draft.rules.map((rule) => rule.key)) + 1;
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button size="xs">{t('builder.add')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {RULE_STARTS.map((start) => (
            <Menu.Item key={start} onClick={() => form.setRules([...form.draft.rules, startOfRule(start, next)])}>
              {t(`start.${start}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button size="xs" variant="default" onClick={() => setImporting(true)}>
        {t('ecr.title')}
      </Button>
      {importing ? (
        <LifecycleDialog
          project={project.name}
          from={next}
          onClose={() => setImporting(false)}
          onRules={(rules) => {
            form.setRules([...form.draft.rules, ...rules]);
            setImporting(false);
          }}
        />
      ) : null}
    </>
  );
}

function PolicyFields(props: { form: Form }) {
  const { t } = useTranslation('retention');
  const { form } = props;
  const { draft } = form;
  return (
    <div className={classes.row} style={{ marginBlock: 18 }}>
      <NativeSelect
        label={t('unit.label')}
        description={t(`unitHelp.${draft.unit}`)}
        inputWrapperOrder={['label', 'input', 'description']}
        value={draft.unit}
        onChange={(event) => form.set({ unit: event.currentTarget.value === 'tag' ? 'tag' : 'artifact' })}
        data={(['artifact', 'tag'] as const).map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
      />
      <ScheduleFields label={t('schedule')} value={form.schedule} onChange={form.setSchedule} />
      <NumberInput
        label={t('confirmShare.label')}
        description={t('confirmShare.help')}
        inputWrapperOrder={['label', 'input', 'description']}
        min={0}
        max={100}
        allowDecimal={false}
        value={draft.confirmShare ?? ''}
        onChange={(value) => form.set({ confirmShare: value === '' ? null : Number(value) || 0 })}
      />
    </div>
  );
}

function useBuilder(project: string, saved: ProjectRetention | null) {
  const { t } = useTranslation('retention');
  const problem = useProblem();
  const navigate = useNavigate();
  const save = useSavePolicy(project);
  const [start] = useState(() => ({ policy: policyDraftOf(saved), schedule: scheduleDraftOf(saved?.cron ?? '') }));
  const kept = useDraft<{ policy: PolicyDraft; schedule: ScheduleDraft }>(`retention:${project}`, start);
  const { policy: draft, schedule } = kept.value;
  const [tried, setTried] = useState(false);
  const set = (patch: Partial<PolicyDraft>) =>
    kept.set((before) => ({ ...before, policy: { ...before.policy, ...patch } }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const blank = firstBlank(draft);
    const cron = cronOf(schedule);
    if (blank !== null) document.getElementById(blank)?.focus();
    if (blank !== null || cron === null) return;
    save.mutate(
      { draft, cron },
      {
        onSuccess: () => {
          kept.forget();
          toast({ tone: 'success', message: t('builder.saved') });
          void navigate({ to: '/projects/$project/policies/retention', params: { project }, search: {} });
        },
      },
    );
  };
  return {
    draft,
    set,
    setRules: (rules: readonly RuleDraft[]) => set({ rules }),
    change: (key: number, patch: Partial<RuleDraft>) =>
      kept.set((before) => ({
        ...before,
        policy: {
          ...before.policy,
          rules: before.policy.rules.map((rule) => (rule.key === key ? { ...rule, ...patch } : rule)),
        },
      })),
    schedule,
    setSchedule: (next: ScheduleDraft) => kept.set((before) => ({ ...before, schedule: next })),
    kept,
    tried,
    submit,
    saving: save.isPending,
    failure: save.error ? problem.text(save.error) : null,
  };
}
