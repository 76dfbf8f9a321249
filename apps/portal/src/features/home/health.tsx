import { getHealth } from '@moorage/contracts';
import { IconCircleCheck, IconCircleX, Panel } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import classes from './home.module.css';

const EVERY_MS = 10_000;

/** Whether every part of the installation is up; for system administrators. */
export function Health() {
  const { t } = useTranslation('home');
  const { data } = useQuery({ ...objectQuery(getHealth, {}), refetchInterval: EVERY_MS });
  if (data === undefined) return null;
  return (
    <Panel title={data.status === 'healthy' ? t('health.up') : t('health.down')}>
      <ul className={classes.health}>
        {data.components.map((part) => {
          const up = part.status === 'healthy';
          const Icon = up ? IconCircleCheck : IconCircleX;
          return (
            <li key={part.name} data-up={up}>
              <Icon size={18} aria-label={up ? t('health.works') : t('health.fails')} />
              <span>
                {t(`part.${part.name}`, { defaultValue: part.name })}
                {part.error === undefined ? null : <span lang="en">: {part.error}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
