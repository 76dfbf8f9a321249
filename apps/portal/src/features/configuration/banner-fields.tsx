import { Fields, Group, NativeSelect, Switch, Textarea, TextInput } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSettingsDraft } from './settings-draft.tsx';
import { BANNER_TYPES, type BannerDraft, readBanner, writeBanner } from './settings.rules.ts';

/** The message on top of every page. */
export function BannerFields() {
  const { t } = useTranslation('configuration');
  const draft = useSettingsDraft();
  const disabled = draft.pinned.has('banner_message');
  const stored = draft.values.banner_message;
  const [banner, setBanner] = useState(() => readBanner(stored));
  // A discard or save elsewhere brings other text than this form last wrote.
  const shown = writeBanner(banner) === writeBanner(readBanner(stored)) ? banner : readBanner(stored);
  const change = (patch: Partial<BannerDraft>) => {
    const next = { ...shown, ...patch };
    setBanner(next);
    draft.set('banner_message', writeBanner(next));
  };
  return (
    <Fields>
      <Textarea
        label={t('banner.message')}
        description={disabled ? t('pinned') : t('banner.messageHelp')}
        autosize
        minRows={2}
        maxRows={6}
        disabled={disabled}
        value={shown.message}
        onChange={(event) => change({ message: event.currentTarget.value })}
      />
      {shown.message.trim() === '' ? null : (
        <>
          <NativeSelect
            label={t('banner.type')}
            w={260}
            maw="100%"
            disabled={disabled}
            data={BANNER_TYPES.map((type) => ({ value: type, label: t(`banner.types.${type}`) }))}
            value={shown.type}
            onChange={(event) => change({ type: event.currentTarget.value as BannerDraft['type'] })}
          />
          <Group align="flex-end">
            <TextInput
              type="date"
              label={t('banner.from')}
              disabled={disabled}
              value={shown.fromDate}
              onChange={(event) => change({ fromDate: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label={t('banner.to')}
              disabled={disabled}
              value={shown.toDate}
              onChange={(event) => change({ toDate: event.currentTarget.value })}
            />
          </Group>
          <Switch
            label={t('banner.closable')}
            disabled={disabled}
            checked={shown.closable}
            onChange={(event) => change({ closable: event.currentTarget.checked })}
          />
        </>
      )}
    </Fields>
  );
}
