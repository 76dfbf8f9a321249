import type { AuditLogExt } from '@moorage/contracts';
import { CodeBlock, Drawer, ExactTime, Facts, Stack, Text, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import classes from './audit.module.css';
import { Result } from './use-audit-columns.tsx';

/** One entry in full, with what was changed. */
export function AuditEntry(props: { entry: AuditLogExt | undefined; onClose: () => void }) {
  const { t } = useTranslation('audit');
  const { text } = useUi();
  const { entry } = props;
  return (
    <Drawer
      opened={entry !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title={t('entry.title')}
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      {entry ? (
        <Stack gap="md">
          <Text>{entry.operation_description}</Text>
          <Facts
            rows={[
              { label: t('column.time'), value: <ExactTime value={entry.op_time} /> },
              { label: t('column.actor'), value: entry.username },
              { label: t('actor.label'), value: t(`actor.${entry.actor_kind}`) },
              { label: t('entry.credential'), value: entry.credential_kind },
              {
                label: t('column.operation'),
                value: t(`operation.${entry.operation}`, { defaultValue: entry.operation }),
              },
              { label: t('column.resource'), value: entry.resource },
              { label: t('column.result'), value: <Result row={entry} /> },
              { label: t('entry.status'), value: entry.status },
              { label: t('column.address'), value: entry.client_address },
              { label: t('entry.agent'), value: <span className={classes.agent}>{entry.user_agent}</span> },
              { label: t('entry.request'), value: <span className={classes.agent}>{entry.request_id}</span> },
            ]}
          />
          <Change title={t('entry.before')} value={entry.before} />
          <Change title={t('entry.after')} value={entry.after} />
        </Stack>
      ) : null}
    </Drawer>
  );
}

function Change(props: { title: string; value: Record<string, unknown> | undefined }) {
  if (props.value === undefined || Object.keys(props.value).length === 0) return null;
  return (
    <div>
      <Text fw={600} mb={6}>
        {props.title}
      </Text>
      <CodeBlock label={props.title} code={JSON.stringify(props.value, null, 2)} />
    </div>
  );
}
