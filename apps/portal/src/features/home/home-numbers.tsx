import { getStatistic } from '@moorage/contracts';
import { Bytes, Count, Metric, Metrics } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';

/** How much there is. Storage is known to system administrators alone. */
export function HomeNumbers() {
  const { t } = useTranslation('home');
  const admin = useIsAdmin();
  const { data } = useQuery(objectQuery(getStatistic, {}));
  const wait = '–';
  return (
    <Metrics>
      <Metric
        label={t('numbers.projects')}
        value={data ? <Count value={data.total_project_count} /> : wait}
        hint={data ? t('numbers.public', { count: data.public_project_count }) : undefined}
      />
      <Metric
        label={t('numbers.repositories')}
        value={data ? <Count value={data.total_repo_count} /> : wait}
        hint={data ? t('numbers.public', { count: data.public_repo_count }) : undefined}
      />
      {admin ? (
        <Metric label={t('numbers.storage')} value={data ? <Bytes value={data.total_storage_consumption} /> : wait} />
      ) : null}
    </Metrics>
  );
}
