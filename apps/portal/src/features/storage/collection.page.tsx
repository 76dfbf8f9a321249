import { getGC, getGCLog, urlOf } from '@moorage/contracts';
import {
  Bytes,
  Button,
  Count,
  ExactTime,
  Facts,
  Group,
  Metric,
  Metrics,
  PageSkeleton,
  Panel,
  SplitColumns,
  toast,
} from '@moorage/ui';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { isOpen } from '../../shared/job/job-state.rules.ts';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { LogView } from '../../shared/job/log-view.tsx';
import { useRunLive } from '../../shared/job/use-run-live.ts';
import { ButtonLink } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { type Collection, collectionFacts } from './collection.rules.ts';
import { CollectionProgress } from './collection-progress.tsx';
import { useStopCollection } from './storage.queries.ts';

/** A collection, live: what it freed or would free, and its log. */
export function CollectionPage() {
  const { t } = useTranslation('storage');
  const id = Number(useParams({ from: '/app/signed-in/storage/$gcId' }).gcId);
  const { data, error, refetch } = useLoad(objectQuery(getGC, { params: { gc_id: id } }));
  const open = isOpen(data?.job_status ?? '');
  useTitle(t('collection', { id }));
  useRunLive(open ? id : undefined, 'gc', 'jobservice');
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  if (data === undefined) return <PageSkeleton />;
  return (
    <SplitColumns
      main={
        <>
          {open ? <CollectionProgress id={id} dryRun={collectionFacts(data).dryRun} /> : <Result collection={data} />}
          <Panel title={t('log')}>
            <LogView address={urlOf(getGCLog, { gc_id: id }, {})} grows={open} fileName={`collection-${id}.log`} />
          </Panel>
        </>
      }
      side={
        <Panel title={t('collection', { id })}>
          <CollectionFactList collection={data} />
          <Group gap="xs" mt="md">
            {open ? <StopButton id={id} /> : null}
            <ButtonLink to="/storage" search={{}} small>
              {t('all')}
            </ButtonLink>
          </Group>
        </Panel>
      }
    />
  );
}

function Result(props: { collection: Collection }) {
  const { t } = useTranslation('storage');
  const facts = collectionFacts(props.collection);
  if (facts.freed === null && facts.blobs === null && facts.manifests === null) return null;
  return (
    <div role="status">
      <Metrics>
        <Metric
          label={facts.dryRun ? t('result.wouldFree') : t('column.freed')}
          value={<Bytes value={facts.freed ?? 0} />}
        />
        <Metric label={t('column.blobs')} value={<Count value={facts.blobs ?? 0} />} />
        <Metric label={t('result.manifests')} value={<Count value={facts.manifests ?? 0} />} />
        {facts.scanned === null ? null : <Metric label={t('result.scanned')} value={<Count value={facts.scanned} />} />}
      </Metrics>
    </div>
  );
}

function CollectionFactList(props: { collection: Collection }) {
  const { t } = useTranslation('storage');
  const { collection } = props;
  const facts = collectionFacts(collection);
  const ended = isOpen(collection.job_status ?? '') ? undefined : collection.update_time;
  return (
    <Facts
      rows={[
        { label: t('column.kind'), value: facts.dryRun ? t('collect.dry') : t('column.real') },
        { label: t('column.status'), value: <JobStateBadge status={collection.job_status ?? ''} /> },
        { label: t('result.message'), value: collection.status_message },
        { label: t('collect.untagged'), value: facts.untagged ? t('yes') : t('no') },
        { label: t('column.started'), value: <ExactTime value={collection.creation_time} /> },
        { label: t('column.duration'), value: <Duration start={collection.creation_time} end={ended} /> },
      ]}
    />
  );
}

function StopButton(props: { id: number }) {
  const { t } = useTranslation('storage');
  const problem = useProblem();
  const stop = useStopCollection();
  return (
    <Button
      size="xs"
      color="red"
      variant="outline"
      loading={stop.isPending}
      onClick={() =>
        stop.mutate(props.id, {
          onSuccess: () => toast({ tone: 'success', message: t('stop.done') }),
          onError: (error) => toast({ tone: 'problem', title: t('collect.failed'), message: problem.text(error) }),
        })
      }
    >
      {t('stop.action')}
    </Button>
  );
}
