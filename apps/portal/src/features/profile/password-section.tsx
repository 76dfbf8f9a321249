import type { User } from '@moorage/contracts';
import { FormSection } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { PasswordForm } from './password-form.tsx';

/** Changes one's own password. */
export function PasswordSection(props: { user: User }) {
  const { t } = useTranslation('profile');
  return (
    <FormSection title={t('password.title')} description={t('password.text')}>
      <PasswordForm user={props.user} onDone={() => undefined} />
    </FormSection>
  );
}
