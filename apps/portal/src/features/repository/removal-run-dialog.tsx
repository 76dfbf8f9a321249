import type { RemovalRun } from '@moorage/contracts';
import { Button, Group, Modal, Progress, Stack, Text, TextSkeleton, useUi } from '@moorage/ui';
import { useEffect, useEffectEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { isOpen } from '../../shared/job/job-state.rules.ts';
import { JobStateBadge } from '../../shared/job/job-state.tsx';
import { useRunLive } from '../../shared/job/use-run-live.ts';
import { ButtonLink } from '../../shared/links.tsx';
import { DoomedList } from './doomed-list.tsx';
import { removalLeftQuery, removalRunQuery, useOperateRemoval, useRefreshAfterRun } from './removal.queries.ts';
import { shareDone } from './removal.rules.ts';
import type { RepositoryPlace } from './repository.queries.ts';

/** Follows a removal that goes on without the page: how far it is, what stays and why; stops it, tries again what stayed. */
export function RemovalRunDialog(props: {
  place: RepositoryPlace;
  id: number;
  /** A retry is a run of its own, to be followed from then on. */
  onRun: (id: number) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation('repository');
  const { text } = useUi();
  const problem = useProblem();
  const { place, id } = props;
  const { data: run, error } = useLoad(removalRunQuery(place, id));
  const operate = useOperateRemoval(place);
  const open = run === undefined || isOpen(run.status);
  useRunLive(open ? id : undefined, 'removal');
  const refresh = useEffectEvent(useRefreshAfterRun());
  useEffect(() => {
    if (!open) refresh();
  }, [open]);
  const failure = operate.error ?? (run === undefined ? error : null);
  const act = (action: 'stop' | 'retry') =>
    operate.mutate({ id, action }, { onSuccess: (next) => props.onRun(next.id) });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('removal.run.title')}
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      <Stack gap="md">
        {run === undefined ? failure === null ? <TextSkeleton lines={3} /> : null : <RunFacts run={run} />}
        {run !== undefined && run.kept + run.pending > 0 && !open ? <Left place={place} id={id} /> : null}
        {open && run !== undefined ? <Text size="sm">{t('removal.run.closing')}</Text> : null}
        <Failure text={failure === null ? null : problem.text(failure)} />
        <Group justify="flex-end" gap="xs">
          {open ? (
            <Button variant="default" loading={operate.isPending} onClick={() => act('stop')}>
              {t('removal.run.stop')}
            </Button>
          ) : (
            <>
              {run.kept + run.pending > 0 ? (
                <Button variant="default" loading={operate.isPending} onClick={() => act('retry')}>
                  {t('removal.run.retry')}
                </Button>
              ) : null}
              <ButtonLink to="/projects/$project/trash" params={{ project: place.project }}>
                {t('removal.run.trash')}
              </ButtonLink>
            </>
          )}
          <Button onClick={props.onClose} data-autofocus>
            {text.actions.close}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function RunFacts(props: { run: RemovalRun }) {
  const { t } = useTranslation('repository');
  const { run } = props;
  const done = run.removed + run.kept;
  const ended = !isOpen(run.status);
  return (
    <>
      <Group justify="space-between">
        <JobStateBadge status={run.status} />
        <Text size="sm" role="status">
          {t('removal.run.progress', { done, total: run.total })}
        </Text>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={shareDone(run)} aria-label={t('removal.run.label')} />
      </Progress.Root>
      <Text size="sm">
        {[
          t('removal.run.removed', { count: run.removed }),
          ...(run.kept > 0 ? [t('removal.run.kept', { count: run.kept })] : []),
          ...(ended && run.pending > 0 ? [t('removal.run.pending', { count: run.pending })] : []),
        ].join(' · ')}
      </Text>
      {run.status_message === '' ? null : <Failure text={run.status_message} />}
    </>
  );
}

/** What stayed, each with its reason. */
function Left(props: { place: RepositoryPlace; id: number }) {
  const { t } = useTranslation('repository');
  const { data } = useLoad(removalLeftQuery(props.place, props.id));
  if (data === undefined) return <TextSkeleton lines={3} />;
  const more = data.total - data.rows.length;
  return (
    <section aria-label={t('removal.stays')}>
      <DoomedList
        rows={data.rows.map((row) => ({
          key: String(row.id),
          name: row.name || row.digest.slice(0, 19),
          detail: row.reason === 'not-reached' ? t('removal.run.notReached') : t(`removal.reason.${row.reason}`),
          title: row.text,
        }))}
      />
      {more > 0 ? <Text size="sm">{t('removal.more', { count: more })}</Text> : null}
    </section>
  );
}
