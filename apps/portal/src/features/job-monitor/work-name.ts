import { useTranslation } from 'react-i18next';

const WORKS = [
  'GARBAGE_COLLECTION',
  'RETENTION',
  'STORAGE_SCAN',
  'STORAGE_SCRUB',
  'REMOVAL',
  'TRASH_PURGE',
  'UPLOAD_PURGE',
  'CREDENTIAL_PURGE',
  'ROBOT_END',
  'EXECUTION_SWEEP',
  'QUOTA_PROOF',
] as const;

/** Kinds of work by name, for lists that narrow to one. */
export const WORK_KINDS: readonly string[] = WORKS;

/** What a kind of work is called; a kind this portal does not know keeps its own name. */
export function useWorkName(): (vendorType: string) => string {
  const { t } = useTranslation('job-monitor');
  return (vendorType) => {
    const known = WORKS.find((work) => work === vendorType);
    return known === undefined ? vendorType : t(`work.${known}`);
  };
}
