/** Usual times, in six cron fields in UTC as the API takes them. */
export const USUAL_TIMES = {
  Hourly: '0 0 * * * *',
  Daily: '0 0 0 * * *',
  Weekly: '0 0 0 * * 0',
  Monthly: '0 0 0 1 * *',
} as const;
export type UsualTime = keyof typeof USUAL_TIMES;

export type Timing = 'None' | UsualTime | 'Custom';
export const TIMINGS: readonly Timing[] = ['None', 'Hourly', 'Daily', 'Weekly', 'Monthly', 'Custom'];

/** What a cron text stands for; empty is never. */
export function timingOf(cron: string): Timing {
  if (cron === '') return 'None';
  const usual = Object.entries(USUAL_TIMES).find(([, text]) => text === cron);
  return usual === undefined ? 'Custom' : (usual[0] as UsualTime);
}

/** Whether a text can be six cron fields with seconds 0; the server has the last word. */
export function looksLikeCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return fields.length === 6 && fields[0] === '0' && fields.every((field) => /^[0-9A-Za-z*/,?#-]+$/.test(field));
}
