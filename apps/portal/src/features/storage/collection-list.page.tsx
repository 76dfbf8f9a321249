import { getGCSchedule } from '@moorage/contracts';
import {
  Button,
  Fields,
  FormActions,
  Group,
  NumberInput,
  PageSkeleton,
  Panel,
  SplitColumns,
  Switch,
  Text,
  TimeAgo,
  toast,
} from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { cronOf, scheduleDraftOf, ScheduleFields } from '../../shared/job/schedule-fields.tsx';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { ListSection } from '../../shared/page/list-section.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { type Collection, collectionFacts } from './collection.rules.ts';
import { type CollectionWish, useCollect, useScheduleCollection } from './storage.queries.ts';

const CollectionTable = lazyPart(() => import('./collection-table.tsx'), 'CollectionTable');
const CollectDialog = lazyPart(() => import('./collect-dialog.tsx'), 'CollectDialog');

/** Collecting what nothing needs any more: now, when it recurs, and what earlier collections freed. */
export function CollectionListPage() {
  const { t } = useTranslation('storage');
  const { data: schedule, error, refetch } = useLoad(objectQuery(getGCSchedule, {}));
  useTitle(t('title'));
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('denied')} />;
  if (schedule === undefined) return <PageSkeleton />;
  return (
    <>
      <SplitColumns
        main={<CollectPanel />}
        side={<SchedulePanel key={schedule.schedule?.cron} schedule={schedule} />}
      />
      <ListSection title={t('history')}>
        <CollectionTable />
      </ListSection>
    </>
  );
}

function CollectPanel() {
  const { t } = useTranslation('storage');
  const problem = useProblem();
  const navigate = useNavigate();
  const collect = useCollect();
  const [untagged, setUntagged] = useState(false);
  const [workers, setWorkers] = useState(1);
  const [asking, setAsking] = useState(false);
  const wish = (dryRun: boolean): CollectionWish => ({ dryRun, untagged, workers });
  const go = (id: number) => {
    if (Number.isInteger(id)) void navigate({ to: '/storage/$gcId', params: { gcId: String(id) } });
  };
  return (
    <Panel title={t('collect.title')}>
      <Fields>
        <Text size="sm" c="dimmed">
          {t('collect.text')}
        </Text>
        <WishFields untagged={untagged} onUntagged={setUntagged} workers={workers} onWorkers={setWorkers} />
        <Group gap="xs">
          <Button
            variant="default"
            loading={collect.isPending && !asking}
            onClick={() =>
              collect.mutate(wish(true), {
                onSuccess: go,
                onError: (error) =>
                  toast({ tone: 'problem', title: t('collect.failed'), message: problem.text(error) }),
              })
            }
          >
            {t('collect.dry')}
          </Button>
          <Button color="red" variant="outline" onClick={() => setAsking(true)}>
            {t('collect.now')}
          </Button>
        </Group>
      </Fields>
      {asking ? (
        <CollectDialog
          wish={wish(false)}
          onClose={() => setAsking(false)}
          onStarted={(id) => {
            setAsking(false);
            go(id);
          }}
        />
      ) : null}
    </Panel>
  );
}

function WishFields(props: {
  untagged: boolean;
  onUntagged: (on: boolean) => void;
  workers: number;
  onWorkers: (workers: number) => void;
}) {
  const { t } = useTranslation('storage');
  return (
    <>
      <Switch
        label={t('collect.untagged')}
        description={t('collect.untaggedHelp')}
        checked={props.untagged}
        onChange={(event) => props.onUntagged(event.currentTarget.checked)}
      />
      <NumberInput
        label={t('collect.workers')}
        w={160}
        min={1}
        max={10}
        allowDecimal={false}
        value={props.workers}
        onChange={(value) => props.onWorkers(Number(value) || 1)}
      />
    </>
  );
}

function SchedulePanel(props: { schedule: Collection }) {
  const { t } = useTranslation('storage');
  const problem = useProblem();
  const save = useScheduleCollection();
  const { schedule } = props;
  const [draft, setDraft] = useState(() => scheduleDraftOf(schedule.schedule?.cron ?? ''));
  const [untagged, setUntagged] = useState(() => collectionFacts(schedule).untagged);
  const [workers, setWorkers] = useState(1);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const cron = cronOf(draft);
    if (cron === null) return;
    save.mutate(
      { cron, wish: { dryRun: false, untagged, workers } },
      { onSuccess: () => toast({ tone: 'success', message: t('schedule.saved') }) },
    );
  };
  return (
    <Panel title={t('schedule.title')}>
      <form onSubmit={submit} noValidate>
        <Fields>
          <ScheduleFields label={t('schedule.when')} value={draft} onChange={setDraft} />
          {draft.timing === 'None' ? null : (
            <WishFields untagged={untagged} onUntagged={setUntagged} workers={workers} onWorkers={setWorkers} />
          )}
          {schedule.schedule?.next_scheduled_time === undefined ? null : (
            <Text size="sm">
              {t('schedule.next')} <TimeAgo value={schedule.schedule.next_scheduled_time} />
            </Text>
          )}
          <Failure text={save.error ? problem.text(save.error) : null} />
          <FormActions>
            <Button type="submit" variant="default" loading={save.isPending}>
              {t('schedule.save')}
            </Button>
          </FormActions>
        </Fields>
      </form>
    </Panel>
  );
}
