import { ButtonAnchor, IconExternalLink } from '@moorage/ui';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignInSource } from './sign-in.queries.ts';
import { providerAddress } from './safe-return.rules.ts';
import classes from './sign-in.module.css';

/** One button for each provider that signs people in by itself. */
export function ProviderList(props: {
  sources: readonly SignInSource[];
  /** Path of this portal to come back to. */
  returnTo: string;
  /** Takes the click instead of leaving the page. */
  onOpen?: (address: string) => void;
}) {
  const { t } = useTranslation('session');
  return (
    <ul className={classes.providers} aria-label={t('providers')}>
      {props.sources.map((source, index) => {
        const address = providerAddress(source.login_url ?? '', props.returnTo);
        const open = (event: MouseEvent) => {
          if (props.onOpen === undefined) return;
          event.preventDefault();
          props.onOpen(address);
        };
        return (
          <li key={source.id}>
            <ButtonAnchor
              href={address}
              look={index === 0 ? 'primary' : 'plain'}
              icon={<IconExternalLink size={16} aria-hidden />}
              onClick={open}
            >
              {t('continueWith', { name: source.name })}
            </ButtonAnchor>
          </li>
        );
      })}
    </ul>
  );
}
