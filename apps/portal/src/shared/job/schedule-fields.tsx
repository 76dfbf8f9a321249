import { NativeSelect, TextInput } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { looksLikeCron, TIMINGS, type Timing, timingOf, USUAL_TIMES } from './cron.rules.ts';
import classes from './job.module.css';

export interface ScheduleDraft {
  readonly timing: Timing;
  readonly cron: string;
}

export function scheduleDraftOf(cron: string): ScheduleDraft {
  return { timing: timingOf(cron), cron };
}

/** The cron text of a draft; empty for never, null when it cannot be one. */
export function cronOf(draft: ScheduleDraft): string | null {
  if (draft.timing === 'None') return '';
  if (draft.timing === 'Custom') return looksLikeCron(draft.cron) ? draft.cron.trim() : null;
  return USUAL_TIMES[draft.timing];
}

/** When something recurs: one of the usual times or an own one. */
export function ScheduleFields(props: {
  value: ScheduleDraft;
  onChange: (value: ScheduleDraft) => void;
  disabled?: boolean;
  label: string;
}) {
  const { t } = useTranslation('job');
  const { value } = props;
  return (
    <div className={classes.schedule}>
      <NativeSelect
        label={props.label}
        value={value.timing}
        disabled={props.disabled}
        onChange={(event) => {
          const timing = TIMINGS.find((entry) => entry === event.currentTarget.value) ?? 'None';
          props.onChange({ timing, cron: timing === 'Custom' ? value.cron || USUAL_TIMES.Daily : value.cron });
        }}
        data={TIMINGS.map((timing) => ({ value: timing, label: t(`timing.${timing}`) }))}
      />
      {value.timing === 'Custom' ? (
        <TextInput
          label={t('cron.label')}
          description={t('cron.help')}
          autoComplete="off"
          spellCheck={false}
          value={value.cron}
          disabled={props.disabled}
          error={looksLikeCron(value.cron) ? undefined : t('cron.rule')}
          onChange={(event) => props.onChange({ ...value, cron: event.currentTarget.value })}
        />
      ) : null}
    </div>
  );
}
