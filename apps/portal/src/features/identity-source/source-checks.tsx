import type { SourceCheck } from '@moorage/contracts';
import { Button, IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleX } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { useTold } from '../../shared/told/use-told.ts';
import type { useTestSource } from './identity-source.queries.ts';
import classes from './identity-source.module.css';

const SIGNS: Readonly<Record<SourceCheck['result'], typeof IconCircleCheck>> = {
  passed: IconCircleCheck,
  warning: IconAlertTriangle,
  failed: IconCircleX,
  skipped: IconCircleDashed,
};

/** Tries the settings as they stand in the form and says, step by step, what works. */
export function SourceChecks(props: { test: ReturnType<typeof useTestSource>; onTest: () => void }) {
  const { t } = useTranslation('identity-source');
  const problem = useProblem();
  const { test } = props;
  return (
    <div className={classes.test}>
      <Button variant="default" loading={test.isPending} onClick={props.onTest}>
        {t('test.action')}
      </Button>
      <div role="status">
        {test.data === undefined ? null : (
          <>
            <p className={classes.verdict}>{test.data.ok ? t('test.passed') : t('test.failed')}</p>
            <ul className={classes.checks}>
              {test.data.checks.map((check) => (
                <Check key={`${check.name}-${check.message}`} check={check} />
              ))}
            </ul>
          </>
        )}
      </div>
      <Failure text={test.error ? problem.text(test.error) : null} />
    </div>
  );
}

function Check(props: { check: SourceCheck }) {
  const { t } = useTranslation('identity-source');
  const { name, result, message } = props.check;
  const said = useTold('identity-source')({ ...props.check, text: message });
  const Sign = SIGNS[result];
  return (
    <li className={classes.check} data-result={result}>
      <Sign size={18} aria-label={t(`test.result.${result}`)} />
      <span>
        <b>{t(`test.check.${name.replace(' ', '-')}`, { defaultValue: name })}</b>
        <span className={classes.message} lang={said.lang}>
          {said.text}
        </span>
      </span>
    </li>
  );
}
