import type { FederationCheck, FederationVerdict } from '@moorage/contracts';
import { Button, CodeBlock, IconCircleCheck, IconCircleX, Textarea } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { useTold } from '../../shared/told/use-told.ts';
import { type RuleScope, useTryToken } from './federation.queries.ts';
import { type RuleDraft, ruleOf } from './federation-draft.rules.ts';
import classes from './federation.module.css';

/** Takes the token of a job and says question by question why it is, or is not, accepted: by a draft, or by the saved rules. */
export function TokenTrial(props: { scope: RuleScope; draft: RuleDraft | null }) {
  const { t } = useTranslation('federation');
  const problem = useProblem();
  const trial = useTryToken(props.scope);
  const [token, setToken] = useState('');
  const run = () =>
    trial.mutate({
      token: token.trim(),
      ...(props.draft === null ? {} : { rule: ruleOf(props.draft) }),
    });
  return (
    <div className={classes.trial}>
      <Textarea
        label={t('try.token')}
        description={t('try.tokenHelp')}
        autosize
        minRows={3}
        maxRows={8}
        spellCheck={false}
        placeholder="eyJ…"
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
      />
      <Button variant="default" loading={trial.isPending} disabled={token.trim() === ''} onClick={run}>
        {t('try.action')}
      </Button>
      <Failure text={trial.error ? problem.text(trial.error) : null} />
      <div role="status">{trial.data === undefined ? null : <Verdict verdict={trial.data} />}</div>
    </div>
  );
}

function Verdict(props: { verdict: FederationVerdict }) {
  const { t } = useTranslation('federation');
  const { verdict } = props;
  const Sign = verdict.accepted ? IconCircleCheck : IconCircleX;
  return (
    <>
      <p className={classes.verdict} data-accepted={verdict.accepted}>
        <Sign size={20} aria-hidden />
        {verdict.accepted ? t('try.accepted') : t('try.refused')}
      </p>
      <Checks checks={verdict.checks} />
      {verdict.rules.map((rule) => (
        <section key={`${rule.id ?? 'draft'}-${rule.name}`} className={classes.rule}>
          <h3>{t('try.byRule', { name: rule.name })}</h3>
          <Checks checks={rule.checks} />
        </section>
      ))}
      {verdict.claims === undefined ? null : (
        <section className={classes.rule}>
          <h3>{t('try.claims')}</h3>
          <CodeBlock label={t('try.claims')} code={JSON.stringify(verdict.claims, null, 2)} maxHeight={320} />
        </section>
      )}
    </>
  );
}

function Checks(props: { checks: readonly FederationCheck[] }) {
  const { t } = useTranslation('federation');
  const told = useTold('federation');
  if (props.checks.length === 0) return null;
  return (
    <ul className={classes.checks}>
      {props.checks.map((check) => {
        const Sign = check.passed ? IconCircleCheck : IconCircleX;
        return (
          <li key={`${check.check}-${check.claim ?? ''}`} data-passed={check.passed}>
            <Sign size={18} aria-label={check.passed ? t('try.passed') : t('try.failed')} />
            <span>
              <b>{check.claim ?? t(`check.${check.check}`)}</b>
              <span className={classes.detail} lang={told(check).lang}>
                {told(check).text}
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
