import { IconCheck, IconCircle, PasswordInput } from '@moorage/ui';
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './new-password-field.module.css';
import { PASSWORD_RULES, passwordMeets } from './password.rules.ts';

/** A password someone thinks up, with the rules it must meet ticked while it is typed. */
export function NewPasswordField(props: ComponentProps<typeof PasswordInput> & { typed: string }) {
  const { t } = useTranslation('shared');
  const { typed, ...rest } = props;
  return (
    <div>
      <PasswordInput
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('password.show'), tabIndex: 0 }}
        {...rest}
      />
      <ul className={classes.rules} aria-label={t('password.rules')}>
        {PASSWORD_RULES.map((rule) => {
          const met = passwordMeets(rule, typed);
          const Icon = met ? IconCheck : IconCircle;
          return (
            <li key={rule} className={classes.rule} data-met={met || undefined}>
              <Icon size={13} aria-label={met ? t('password.met') : t('password.unmet')} />
              {t(`password.rule.${rule}`)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
