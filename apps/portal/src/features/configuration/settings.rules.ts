import type { SettingKey, Settings } from '@moorage/contracts';

/** The edits that differ from what is saved. */
export function changesOf(saved: Settings, edits: Partial<Settings>): Partial<Settings> {
  const entries = (Object.entries(edits) as [SettingKey, Settings[SettingKey]][]).filter(
    ([key, value]) => value !== saved[key],
  );
  return Object.fromEntries(entries);
}

export const BANNER_TYPES = ['info', 'success', 'warning', 'danger'] as const;

/** The banner's parts as the form edits them; dates as `YYYY-MM-DD`, empty for none. */
export interface BannerDraft {
  readonly message: string;
  readonly type: (typeof BANNER_TYPES)[number];
  readonly closable: boolean;
  readonly fromDate: string;
  readonly toDate: string;
}

/** Reads the stored banner; an empty draft when there is none or it cannot be read. */
export function readBanner(text: string): BannerDraft {
  const empty: BannerDraft = { message: '', type: 'info', closable: true, fromDate: '', toDate: '' };
  try {
    const value = JSON.parse(text || '{}') as Partial<Record<keyof BannerDraft, unknown>>;
    return {
      message: typeof value.message === 'string' ? value.message : '',
      type: BANNER_TYPES.find((type) => type === value.type) ?? 'info',
      closable: value.closable !== false,
      fromDate: dayOf(value.fromDate),
      toDate: dayOf(value.toDate),
    };
  } catch {
    return empty;
  }
}

/** The banner as it is stored; empty text for none. */
export function writeBanner(draft: BannerDraft): string {
  if (draft.message.trim() === '') return '';
  const { message, type, closable, fromDate, toDate } = draft;
  return JSON.stringify({
    message: message.trim(),
    type,
    closable,
    ...(fromDate === '' ? {} : { fromDate }),
    ...(toDate === '' ? {} : { toDate }),
  });
}

function dayOf(value: unknown): string {
  const time = typeof value === 'string' ? new Date(value) : new Date(Number.NaN);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString().slice(0, 10);
}

/** The event names of the comma list. */
export function readEventList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
