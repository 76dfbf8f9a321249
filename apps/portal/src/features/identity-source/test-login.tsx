import {
  getOidcTestLogin,
  type OidcTestLogin,
  type ResponseOf,
  startOidcTestLogin,
  tryOidcClaims,
} from '@moorage/contracts';
import { Button, CodeBlock, Facts, Textarea } from '@moorage/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { useTold } from '../../shared/told/use-told.ts';
import classes from './identity-source.module.css';

const POLL_MS = 1_000;
type Outcome = ResponseOf<typeof tryOidcClaims>;

/** Signs in at the provider with settings that are not saved, in a window of its own; nobody is signed in here by it. */
export function TestLogin(props: { sourceId: number | null; read: () => Record<string, unknown> | null }) {
  const { t } = useTranslation('identity-source');
  const problem = useProblem();
  const start = useMutation({
    mutationFn: async (settings: Record<string, unknown>) =>
      (
        await call(startOidcTestLogin, {
          body: { oidc: settings, ...(props.sourceId === null ? {} : { source_id: props.sourceId }) },
        })
      ).data,
  });
  const begin = () => {
    const settings = props.read();
    if (settings === null) return;
    // Opened within the click, or the browser takes it for an advertisement.
    const popup = window.open('about:blank', 'moorage-test-login', 'popup,width=520,height=720');
    start.mutate(settings, {
      onSuccess: ({ url }) => {
        if (popup) popup.location.href = url;
      },
      onError: () => popup?.close(),
    });
  };
  return (
    <div className={classes.test}>
      <Button variant="default" loading={start.isPending} onClick={begin}>
        {t('testLogin.action')}
      </Button>
      <Failure text={start.error ? problem.text(start.error) : null} />
      {start.data === undefined ? null : <TestResult key={start.data.id} id={start.data.id} />}
      <ClaimsTrial read={props.read} />
    </div>
  );
}

function TestResult(props: { id: string }) {
  const { t } = useTranslation('identity-source');
  const told = useTold('identity-source');
  const { data } = useQuery({
    ...objectQuery(getOidcTestLogin, { params: { test_id: props.id } }),
    refetchInterval: ({ state }) => ((state.data as OidcTestLogin | undefined)?.state === 'waiting' ? POLL_MS : false),
    staleTime: 0,
  });
  if (data === undefined) return null;
  const said = told({ ...data, text: data.message });
  return (
    <div role="status" className={classes.test}>
      <p className={classes.verdict}>{t(`testLogin.state.${data.state}`)}</p>
      <p className={classes.message} lang={said.lang}>
        {said.text}
      </p>
      {data.refreshable === false ? <p className={classes.message}>{t('testLogin.notRefreshable')}</p> : null}
      {data.outcome === undefined ? null : <OutcomeFacts outcome={data.outcome} />}
      {data.claims === undefined ? null : (
        <CodeBlock label={t('testLogin.claims')} code={JSON.stringify(data.claims, null, 2)} maxHeight={280} />
      )}
    </div>
  );
}

function OutcomeFacts(props: { outcome: Outcome }) {
  const { t } = useTranslation('identity-source');
  const { outcome } = props;
  return (
    <>
      <Facts
        rows={[
          { label: t('outcome.username'), value: outcome.username ?? t('outcome.chooses') },
          { label: t('outcome.email'), value: outcome.email },
          { label: t('outcome.realname'), value: outcome.realname },
          { label: t('outcome.groups'), value: outcome.groups.join(', ') || t('outcome.none') },
          { label: t('outcome.admin'), value: outcome.is_admin ? t('outcome.yes') : t('outcome.no') },
        ]}
      />
      {outcome.problems.length === 0 ? null : (
        <ul>
          {outcome.problems.map((text) => (
            <li key={text} lang="en">
              {text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Shows what the settings make of claims that are typed in, without any sign-in. */
function ClaimsTrial(props: { read: () => Record<string, unknown> | null }) {
  const { t } = useTranslation('identity-source');
  const problem = useProblem();
  const [typed, setTyped] = useState('');
  const [broken, setBroken] = useState(false);
  const trial = useMutation({
    mutationFn: async (body: { oidc: Record<string, unknown>; claims: Record<string, unknown> }) =>
      (await call(tryOidcClaims, { body })).data,
  });
  const run = () => {
    const claims = readClaims(typed);
    setBroken(claims === null);
    const oidc = props.read();
    if (claims !== null && oidc !== null) trial.mutate({ oidc, claims });
  };
  return (
    <details className={classes.trial}>
      <summary>{t('claims.title')}</summary>
      <div className={classes.test}>
        <Textarea
          label={t('claims.label')}
          description={t('claims.help')}
          className={classes.wide}
          autosize
          minRows={4}
          maxRows={14}
          spellCheck={false}
          placeholder='{ "sub": "…", "preferred_username": "…", "groups": ["…"] }'
          value={typed}
          error={broken ? t('claims.broken') : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button variant="default" loading={trial.isPending} onClick={run}>
          {t('claims.action')}
        </Button>
        <Failure text={trial.error ? problem.text(trial.error) : null} />
        <div role="status">{trial.data === undefined ? null : <OutcomeFacts outcome={trial.data} />}</div>
      </div>
    </details>
  );
}

/** The claims as they were typed; null when they are no JSON object. */
function readClaims(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
