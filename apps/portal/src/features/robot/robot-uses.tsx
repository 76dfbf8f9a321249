import { getRobotPermissionUses } from '@moorage/contracts';
import { ExactTime, Panel, Text, TextSkeleton, TimeAgo } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import classes from './robot.module.css';

/** Which of its rights a robot has made use of; the others can be taken away. */
export function RobotUses(props: { id: number }) {
  const { t } = useTranslation(['robot', 'permission']);
  const { data } = useQuery(objectQuery(getRobotPermissionUses, { params: { robot_id: props.id } }));
  const unused = data?.permissions.filter((entry) => entry.last_used_at === undefined).length ?? 0;
  return (
    <Panel title={t('uses.title')}>
      {data === undefined ? (
        <TextSkeleton lines={4} />
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            {t('uses.unused', { count: unused })} {t('uses.since')} <ExactTime value={data.observed_since} />
          </Text>
          <ul className={classes.uses}>
            {data.permissions.map(({ kind, namespace, resource, action, last_used_at: used }) => (
              <li key={`${kind} ${namespace} ${resource}:${action}`} data-unused={used === undefined || undefined}>
                <span>
                  {t(`permission:resource.${resource}`, { defaultValue: resource })}:{' '}
                  {t(`permission:action.${action}`, { defaultValue: action })}
                  {namespace === '/' ? null : <span className={classes.address}>{namespace}</span>}
                </span>
                <TimeAgo value={used} never={t('neverUsed')} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
