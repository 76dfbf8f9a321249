import { getScrubState } from '@moorage/contracts';
import { CardGrid, Stack } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useRunLive } from '../../shared/job/use-run-live.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { ListSection } from '../../shared/page/list-section.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { CheckPanel } from './check-panel.tsx';
import { ScrubFacts } from './scrub-facts.tsx';

const FindingTable = lazyPart(() => import('./finding-table.tsx'), 'FindingTable');

/** Whether the stored bytes are what they should be: the two looks at them, live, and what they found. */
export function ChecksPage() {
  const { t } = useTranslation('storage-check');
  const { data, error, refetch } = useLoad(objectQuery(getScrubState, {}));
  useTitle(t('title'));
  useRunLive('all', 'storage', 'jobservice');
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  return (
    <Stack gap={20}>
      <CardGrid min="wide">
        <CheckPanel check="scan" />
        <CheckPanel check="scrub">{data === undefined ? null : <ScrubFacts state={data} />}</CheckPanel>
      </CardGrid>
      <ListSection title={t('findings.title')} text={t('findings.text')}>
        <FindingTable />
      </ListSection>
    </Stack>
  );
}
