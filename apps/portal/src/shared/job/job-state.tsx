import { Badge, useNow, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { durationOf, type JobState, jobStateOf } from './job-state.rules.ts';

const COLORS: Readonly<Record<JobState, string>> = {
  Pending: 'gray',
  Scheduled: 'gray',
  Waiting: 'yellow',
  Running: 'tide',
  Success: 'green',
  Error: 'red',
  Stopped: 'gray',
};

/** The state of a run or task in words. */
export function JobStateBadge(props: { status: string }) {
  const { t } = useTranslation('job');
  const state = jobStateOf(props.status);
  return (
    <Badge color={state === null ? 'gray' : COLORS[state]}>{state === null ? props.status : t(`state.${state}`)}</Badge>
  );
}

/** How long a run took, or has taken so far. */
export function Duration(props: { start: string | undefined; end: string | undefined }) {
  const ui = useUi();
  const ms = durationOf(props.start, props.end, useNow());
  if (ms === null) return '–';
  const seconds = Math.round(ms / 1000);
  const parts = {
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
  const shown = (['hours', 'minutes', 'seconds'] as const).filter((unit) => parts[unit] > 0);
  return (shown.length === 0 ? (['seconds'] as const) : shown)
    .map((unit) =>
      new Intl.NumberFormat(ui.locale, { style: 'unit', unit: unit.slice(0, -1), unitDisplay: 'narrow' }).format(
        parts[unit],
      ),
    )
    .join(' ');
}
