import type { SettingKey, Settings } from '@moorage/contracts';
import { FormSection, toast } from '@moorage/ui';
import { useBlocker } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { BannerFields } from './banner-fields.tsx';
import { ChangesBar } from './changes-bar.tsx';
import { useSaveConfiguration } from './configuration.queries.ts';
import {
  AuditEventsField,
  ChoiceField,
  DaysField,
  FlagField,
  LimitField,
  LinesField,
  MinutesField,
  NumberField,
  RateField,
  TextField,
} from './setting-fields.tsx';
import { changesOf } from './settings.rules.ts';
import { type SettingsDraft, SettingsDraftProvider } from './settings-draft.tsx';

/** All settings as one draft: nothing is changed before it is saved, and what will change is shown. */
export function SettingsForm(props: { saved: Settings; pinned: ReadonlySet<SettingKey> }) {
  const { t } = useTranslation('configuration');
  const problem = useProblem();
  const { saved } = props;
  const [edits, setEdits] = useState<Partial<Settings>>({});
  const save = useSaveConfiguration();
  const changes = changesOf(saved, edits);
  const dirty = Object.keys(changes).length > 0;
  useBlocker({ shouldBlockFn: () => dirty && !window.confirm(t('leave')), enableBeforeUnload: () => dirty });

  const draft: SettingsDraft = {
    values: { ...saved, ...edits },
    pinned: props.pinned,
    set: (key, value) => setEdits((before) => ({ ...before, [key]: value })),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!dirty) return;
    save.mutate(changes, {
      onSuccess: () => {
        setEdits({});
        toast({ tone: 'success', message: t('savedNow') });
      },
    });
  };
  return (
    <SettingsDraftProvider draft={draft}>
      <form onSubmit={submit}>
        <Sections />
        <ChangesBar
          saved={saved}
          changes={changes}
          busy={save.isPending}
          failure={save.error ? problem.text(save.error) : null}
          onDiscard={() => {
            setEdits({});
            save.reset();
          }}
        />
      </form>
    </SettingsDraftProvider>
  );
}

function Sections() {
  const { t } = useTranslation('configuration');
  return (
    <>
      <FormSection title={t('section.access')} description={t('section.accessText')}>
        <ChoiceField name="project_creation_restriction" options={['everyone', 'adminonly']} />
        <ChoiceField name="auth_mode" options={['db_auth', 'ldap_auth', 'http_auth', 'oidc_auth']} />
        <FlagField name="primary_auth_mode" />
        <FlagField name="self_registration" />
        <FlagField name="anonymous_access" />
      </FormSection>
      <FormSection title={t('section.sessions')} description={t('section.sessionsText')}>
        <ChoiceField name="second_factor_required" options={['nobody', 'administrators', 'everyone']} />
        <MinutesField name="session_timeout" />
        <MinutesField name="session_absolute_timeout" />
        <MinutesField name="token_expiration" />
        <DaysField name="personal_token_max_duration" />
        <RateField name="token_requests_per_minute" />
      </FormSection>
      <FormSection title={t('section.robots')} description={t('section.robotsText')}>
        <TextField name="robot_name_prefix" />
        <DaysField name="robot_token_duration" />
        <DaysField name="robot_max_duration" />
        <NumberField name="robot_expiry_reminder_days" unit="days" max={365} />
      </FormSection>
      <FormSection title={t('section.egress')} description={t('section.egressText')}>
        <LinesField name="egress_allow" />
        <LinesField name="egress_deny" />
        <FlagField name="egress_listed_only" />
      </FormSection>
      <FormSection title={t('section.storage')} description={t('section.storageText')}>
        <FlagField name="quota_per_project_enable" />
        <LimitField name="storage_per_project" />
        <NumberField name="quota_warning_percent" unit="percent" max={100} />
      </FormSection>
      <FormSection title={t('section.removal')} description={t('section.removalText')}>
        <NumberField name="trash_days" unit="days" max={9999} />
        <NumberField name="retention_confirm_share" unit="percent" max={100} />
        <NumberField name="gc_grace_seconds" unit="seconds" max={2_592_000} />
        <NumberField name="gc_blobs_per_second" unit="perSecond" max={1_000_000} />
        <NumberField name="scrub_bytes_per_second" unit="mebibytes" min={1} max={10_240} scale={1_048_576} />
        <NumberField name="scan_objects_per_second" unit="perSecond" max={1_000_000} />
      </FormSection>
      <FormSection title={t('section.records')} description={t('section.recordsText')}>
        <FlagField name="pull_audit_log_disable" />
        <FlagField name="pull_time_update_disable" />
        <FlagField name="pull_count_update_disable" />
        <AuditEventsField name="disabled_audit_log_event_types" />
      </FormSection>
      <FormSection title={t('section.banner')} description={t('section.bannerText')}>
        <BannerFields />
      </FormSection>
      <FormSection title={t('section.mode')} description={t('section.modeText')}>
        <FlagField name="read_only" />
      </FormSection>
    </>
  );
}
