import type { AccessExplanation } from '@moorage/contracts';
import { IconCircleCheck, IconCircleX } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useTold } from '../../shared/told/use-told.ts';
import type { AccessSearch } from './access-search.ts';
import classes from './access.module.css';

/** Yes or no, and every binding that makes it so. */
export function AccessAnswer(props: { question: AccessSearch; answer: AccessExplanation }) {
  const { t } = useTranslation(['access', 'permission']);
  const told = useTold('access');
  const { allowed, reasons } = props.answer;
  const [resource = '', action = ''] = (props.question.what ?? '').split(':');
  const who = props.question.kind === 'anonymous' ? t('answer.visitor') : (props.question.who ?? '');
  const what = `${t(`permission:resource.${resource}`, { defaultValue: resource })}: ${t(`permission:action.${action}`, { defaultValue: action })}`;
  const Icon = allowed ? IconCircleCheck : IconCircleX;
  return (
    <div>
      <p className={classes.verdict} data-allowed={allowed}>
        <Icon size={22} aria-hidden />
        {allowed ? t('answer.yes') : t('answer.no')}
      </p>
      <p className={classes.sentence}>
        {allowed ? t('answer.sentenceYes', { who, what }) : t('answer.sentenceNo', { who, what })}
      </p>
      <h3 className={classes.why}>{t('answer.why')}</h3>
      <ul className={classes.reasons}>
        {reasons.map((reason) => (
          <li key={reason.text}>
            <span>{t(`reason.${reason.kind}`)}</span>
            <span className={classes.detail} lang={told(reason).lang}>
              {told(reason).text}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
