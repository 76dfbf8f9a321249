import { listRobotReminders, type RobotReminder } from '@moorage/contracts';
import { IconClock, IconRobot, Panel, TimeAgo } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Link } from '../../shared/links.tsx';
import classes from './home.module.css';

/** Robots in my care that expire soon or expired lately; nothing while there are none. */
export function RobotReminders() {
  const { t } = useTranslation('home');
  const { data } = useLoad(objectQuery(listRobotReminders, {}));
  if (data === undefined || data.length === 0) return null;
  return (
    <Panel title={t('reminders.title')}>
      <ul className={classes.reminders}>
        {data.map((robot) => (
          <Reminder key={robot.id} robot={robot} />
        ))}
      </ul>
    </Panel>
  );
}

function Reminder(props: { robot: RobotReminder }) {
  const { t } = useTranslation('home');
  const { robot } = props;
  const Icon = robot.expired ? IconClock : IconRobot;
  return (
    <li data-expired={robot.expired}>
      <Icon size={18} aria-hidden />
      <span>
        <RobotLink robot={robot} /> {robot.expired ? t('reminders.expired') : t('reminders.expires')}{' '}
        <TimeAgo value={new Date(robot.expires_at * 1000).toISOString()} />
      </span>
    </li>
  );
}

function RobotLink(props: { robot: RobotReminder }) {
  const { id, name, project_name: project } = props.robot;
  const robotId = String(id);
  return project === null ? (
    <Link to="/robots/$robotId" params={{ robotId }}>
      {name}
    </Link>
  ) : (
    <Link to="/projects/$project/robots/$robotId" params={{ project, robotId }}>
      {name}
    </Link>
  );
}
