import { CodeBlock, FormSection } from '@moorage/ui';
import { useTranslation } from 'react-i18next';

/** What the provider must be told about this registry, to copy into its own settings. */
export function ProviderFacts() {
  const { t } = useTranslation('identity-source');
  const rows = [
    { label: t('register.redirect'), code: `${location.origin}/c/oidc/callback` },
    { label: t('register.logout'), code: `${location.origin}/login` },
    { label: t('register.backchannel'), code: `${location.origin}/c/oidc/backchannel-logout` },
  ];
  return (
    <FormSection title={t('register.title')} description={t('register.text')}>
      {rows.map(({ label, code }) => (
        <div key={code}>
          <span>{label}</span>
          <CodeBlock label={label} code={code} />
        </div>
      ))}
    </FormSection>
  );
}
