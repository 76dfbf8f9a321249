import type { SettingKey, Settings } from '@moorage/contracts';
import { Button, Group, Text, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import classes from './changes-bar.module.css';

const BYTES: ReadonlySet<SettingKey> = new Set(['storage_per_project', 'scrub_bytes_per_second']);
const MAX_TEXT = 60;

/** What a save would change, old beside new. Shown while there is anything to save. */
export function ChangesBar(props: {
  saved: Settings;
  changes: Partial<Settings>;
  busy: boolean;
  failure: string | null;
  onDiscard: () => void;
}) {
  const { t } = useTranslation(['configuration', 'shared']);
  const ui = useUi();
  const keys = Object.keys(props.changes) as SettingKey[];
  if (keys.length === 0) return null;
  const show = (key: SettingKey, value: unknown) => {
    if (typeof value === 'boolean') return value ? t('value.on') : t('value.off');
    if (value === '') return t('value.empty');
    if (BYTES.has(key) && typeof value === 'number' && value >= 0) return ui.bytes(value);
    if (key === 'auth_mode') return t(`key.auth_mode.${value as Settings['auth_mode']}`);
    if (value === -1) return key === 'token_requests_per_minute' ? t('unlimited') : t('value.never');
    if (typeof value === 'number') return ui.number(value);
    const text = String(value);
    return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  };
  return (
    <div className={classes.bar}>
      <div className={classes.changes}>
        <Text fw={600}>{t('changes.title', { count: keys.length })}</Text>
        <ul className={classes.list}>
          {keys.map((key) => (
            <li key={key}>
              {t(`key.${key}.label` as 'key.read_only.label')}: <s>{show(key, props.saved[key])}</s>{' '}
              <b>{show(key, props.changes[key])}</b>
            </li>
          ))}
        </ul>
        <Failure text={props.failure} />
      </div>
      <Group gap="xs" wrap="nowrap">
        <Button variant="default" onClick={props.onDiscard} disabled={props.busy}>
          {t('changes.discard')}
        </Button>
        <Button type="submit" loading={props.busy}>
          {t('shared:save')}
        </Button>
      </Group>
    </div>
  );
}
