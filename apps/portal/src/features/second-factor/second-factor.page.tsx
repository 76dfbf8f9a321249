import type { SecondFactors } from '@moorage/contracts';
import { Alert, Button, FormSection, IconAlertTriangle, PageSkeleton, Text, TimeAgo } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { passkeysWork } from '../../shared/webauthn/passkey.ts';
import { useSecondFactors } from './second-factor.queries.ts';
import type { FactorTask } from './factor-dialogs.tsx';
import classes from './second-factor.module.css';

const FactorDialogs = lazyPart(() => import('./factor-dialogs.tsx'), 'FactorDialogs');

/** What is asked of me beside my password. */
export function SecondFactorPage() {
  const { t } = useTranslation('second-factor');
  const { data, error, refetch } = useSecondFactors();
  const [task, setTask] = useState<FactorTask | null>(null);
  useTitle(t('title'));
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <PageSkeleton />;
  if (!data.available) return <Text>{t('unavailable')}</Text>;
  return (
    <>
      {data.required && data.factors.length === 0 ? (
        <Alert mb="md" color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('required.title')}>
          {t('required.text')}
        </Alert>
      ) : null}
      <AppSection factors={data} onTask={setTask} />
      <PasskeySection factors={data} onTask={setTask} />
      {data.factors.length > 0 ? <RecoverySection factors={data} onTask={setTask} /> : null}
      {task === null ? null : <FactorDialogs task={task} onClose={() => setTask(null)} />}
    </>
  );
}

interface SectionProps {
  readonly factors: SecondFactors;
  readonly onTask: (task: FactorTask) => void;
}

function AppSection({ factors, onTask }: SectionProps) {
  const { t } = useTranslation('second-factor');
  const apps = factors.factors.filter((factor) => factor.kind === 'totp');
  return (
    <FormSection title={t('app.title')} description={t('app.text')}>
      {apps.length === 0 ? (
        <div>
          <Button onClick={() => onTask({ kind: 'totp' })}>{t('app.add')}</Button>
        </div>
      ) : (
        <FactorList factors={apps} onTask={onTask} />
      )}
    </FormSection>
  );
}

function PasskeySection({ factors, onTask }: SectionProps) {
  const { t } = useTranslation('second-factor');
  const works = passkeysWork();
  return (
    <FormSection title={t('passkey.title')} description={t('passkey.text')}>
      <FactorList factors={factors.factors.filter((factor) => factor.kind === 'passkey')} onTask={onTask} />
      <div>
        <Button variant="default" disabled={!works} onClick={() => onTask({ kind: 'passkey' })}>
          {t('passkey.add')}
        </Button>
        {works ? null : (
          <Text size="sm" c="dimmed" mt={6}>
            {t('passkey.impossible')}
          </Text>
        )}
      </div>
    </FormSection>
  );
}

function RecoverySection({ factors, onTask }: SectionProps) {
  const { t } = useTranslation('second-factor');
  return (
    <FormSection title={t('recovery.title')} description={t('recovery.text')}>
      <Text>{t('recovery.left', { count: factors.recovery_codes_left })}</Text>
      <div>
        <Button variant="default" onClick={() => onTask({ kind: 'codes' })}>
          {t('recovery.make')}
        </Button>
      </div>
    </FormSection>
  );
}

function FactorList(props: { factors: SecondFactors['factors']; onTask: (task: FactorTask) => void }) {
  const { t } = useTranslation('second-factor');
  if (props.factors.length === 0) return null;
  return (
    <ul className={classes.factors}>
      {props.factors.map((factor) => (
        <li key={factor.id}>
          <span>
            <b>{factor.kind === 'totp' ? t('app.name') : factor.name}</b>
            <span className={classes.dim}>
              {t('lastUsed')} <TimeAgo value={factor.last_used_at ?? factor.creation_time} />
            </span>
          </span>
          <Button size="xs" color="red" variant="outline" onClick={() => props.onTask({ kind: 'remove', factor })}>
            {t('remove.action')}
          </Button>
        </li>
      ))}
    </ul>
  );
}
