import { TextSkeleton } from '@moorage/ui';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProviderList } from './provider-list.tsx';
import { type SignInSource, useSignInOptions } from './sign-in.queries.ts';
import classes from './sign-in.module.css';

/** Providers first; the password form below them, folded unless it is the only way or a directory uses it too. */
export function SignInChoices(props: {
  returnTo: string;
  onOpenProvider?: (address: string) => void;
  /** The password form. */
  children: ReactNode;
}) {
  const { data: options, isPending } = useSignInOptions();
  if (isPending) return <TextSkeleton lines={4} />;
  const sources = options?.sources ?? [];
  const providers = sources.filter((source) => source.login_url !== undefined);
  const directories = sources.filter((source) => source.kind !== 'oidc');
  if (providers.length === 0) return <PasswordPart directories={directories}>{props.children}</PasswordPart>;
  return (
    <>
      <ProviderList sources={providers} returnTo={props.returnTo} onOpen={props.onOpenProvider} />
      <Folded open={directories.length > 0}>
        <PasswordPart directories={directories}>{props.children}</PasswordPart>
      </Folded>
    </>
  );
}

function Folded(props: { open: boolean; children: ReactNode }) {
  const { t } = useTranslation('session');
  const [open, setOpen] = useState(props.open);
  const id = useId();
  return (
    <div className={classes.folded}>
      <button
        type="button"
        className={classes.fold}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {t('withPassword')}
      </button>
      <div id={id} hidden={!open}>
        {open ? props.children : null}
      </div>
    </div>
  );
}

function PasswordPart(props: { directories: readonly SignInSource[]; children: ReactNode }) {
  const { t, i18n } = useTranslation('session');
  const names = props.directories.map((source) => source.name);
  return (
    <>
      {names.length > 0 ? (
        <p className={classes.hint}>
          {t('directory', { names: new Intl.ListFormat(i18n.language, { type: 'disjunction' }).format(names) })}
        </p>
      ) : null}
      {props.children}
    </>
  );
}
