import { listQuotaReminders, type QuotaReminder } from '@moorage/contracts';
import { IconDatabase, Meter, Panel, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Link } from '../../shared/links.tsx';
import classes from './home.module.css';

/** Projects I can see that are nearly full, or full; nothing while there are none. */
export function QuotaReminders() {
  const { t } = useTranslation('home');
  const { data } = useLoad(objectQuery(listQuotaReminders, {}));
  if (data === undefined || data.length === 0) return null;
  return (
    <Panel title={t('quotas.title')}>
      <ul className={classes.reminders}>
        {data.map((reminder) => (
          <Reminder key={reminder.project_name} reminder={reminder} />
        ))}
      </ul>
    </Panel>
  );
}

function Reminder(props: { reminder: QuotaReminder }) {
  const { t } = useTranslation('home');
  const ui = useUi();
  const { project_name: project, hard, used, full } = props.reminder;
  const storage = hard.storage >= 0;
  const artifacts = !storage && (hard.count ?? -1) >= 0;
  const text = storage
    ? t('quotas.storage', { used: ui.bytes(used.storage), limit: ui.bytes(hard.storage) })
    : artifacts
      ? t('quotas.artifacts', { used: ui.number(used.count ?? 0), limit: ui.number(hard.count ?? 0) })
      : t('quotas.used', { used: ui.bytes(used.storage) });
  return (
    <li data-expired={full}>
      <IconDatabase size={18} aria-hidden />
      <span className={classes.quota}>
        <span>
          <Link to="/projects/$project/storage" params={{ project }}>
            {project}
          </Link>{' '}
          {full ? t('quotas.full') : t('quotas.near')} {text}
        </span>
        {storage ? <Meter label={project} value={used.storage} max={hard.storage} text={text} /> : null}
      </span>
    </li>
  );
}
