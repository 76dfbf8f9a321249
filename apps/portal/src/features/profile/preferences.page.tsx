import {
  COLOR_SCHEMES,
  DENSITIES,
  type Density,
  FormSection,
  NativeSelect,
  readDensity,
  SegmentedControl,
  Switch,
  useColorScheme,
  writeDensity,
} from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CLIENTS } from '../../shared/commands/image-commands.rules.ts';
import { useClientChoice } from '../../shared/commands/use-client-choice.ts';
import { LANGUAGES, type Language } from '../../shared/languages.ts';
import { useShortcutChoice } from '../../shared/page/use-shortcut-choice.ts';
import { useTitle } from '../../shared/page/use-title.ts';
import { useLanguage } from '../../shared/use-language.ts';

/** Language, look and keys; kept in this browser. */
export function PreferencesPage() {
  const { t } = useTranslation(['profile', 'shared']);
  useTitle(t('tab.preferences'));
  return (
    <>
      <FormSection title={t('shared:language.label')} description={t('preferences.languageText')}>
        <LanguageChoice />
      </FormSection>
      <FormSection title={t('preferences.look')} description={t('preferences.lookText')}>
        <SchemeChoice />
        <DensityChoice />
      </FormSection>
      <FormSection title={t('preferences.keys')} description={t('preferences.keysText')}>
        <ShortcutSwitch />
      </FormSection>
      <FormSection title={t('preferences.client')} description={t('preferences.clientText')}>
        <ClientSelect />
      </FormSection>
    </>
  );
}

function LanguageChoice() {
  const { t } = useTranslation('shared');
  const { language, setLanguage } = useLanguage();
  return (
    <NativeSelect
      aria-label={t('language.label')}
      w={260}
      maw="100%"
      data={LANGUAGES.map(({ tag, name }) => ({ value: tag, label: name }))}
      value={language}
      onChange={(event) => void setLanguage(event.currentTarget.value as Language)}
    />
  );
}

function SchemeChoice() {
  const { t } = useTranslation('shared');
  const { scheme, setScheme } = useColorScheme();
  return (
    <SegmentedControl
      aria-label={t('scheme.label')}
      value={scheme}
      onChange={(value) => setScheme(value as typeof scheme)}
      data={COLOR_SCHEMES.map((value) => ({ value, label: t(`scheme.${value}`) }))}
    />
  );
}

function DensityChoice() {
  const { t } = useTranslation('profile');
  const [density, setDensity] = useState(readDensity);
  return (
    <SegmentedControl
      aria-label={t('density.label')}
      value={density}
      onChange={(value) => {
        setDensity(value as Density);
        writeDensity(value as Density);
      }}
      data={DENSITIES.map((value) => ({ value, label: t(`density.${value}`) }))}
    />
  );
}

function ShortcutSwitch() {
  const { t } = useTranslation('profile');
  const [on, setOn] = useShortcutChoice();
  return (
    <Switch label={t('preferences.keysSwitch')} checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
  );
}

function ClientSelect() {
  const { t } = useTranslation('profile');
  const [client, setClient] = useClientChoice();
  return (
    <NativeSelect
      aria-label={t('preferences.client')}
      w={260}
      maw="100%"
      data={CLIENTS.filter((entry) => entry !== 'kubernetes').map((entry) => ({ value: entry, label: entry }))}
      value={client}
      onChange={(event) => setClient(event.currentTarget.value)}
    />
  );
}
