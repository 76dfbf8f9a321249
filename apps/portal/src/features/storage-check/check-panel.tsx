import type { Execution } from '@moorage/contracts';
import { Button, ExactTime, Facts, Group, Panel, Stack, Text, toast, useUi } from '@moorage/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { isOpen } from '../../shared/job/job-state.rules.ts';
import { Duration, JobStateBadge } from '../../shared/job/job-state.tsx';
import { RunProgress } from '../../shared/job/run-progress.tsx';
import { Link } from '../../shared/links.tsx';
import { type Check, useLastRun, useRunFacts, useStartCheck, useStopCheck } from './storage-check.queries.ts';

/** One look at the storage: what it does, how far it is, and a button to begin. */
export function CheckPanel(props: { check: Check; children?: ReactNode }) {
  const { t } = useTranslation('storage-check');
  const { check } = props;
  const run = useLastRun(check);
  const open = run ? isOpen(run.status) : false;
  return (
    <Panel title={t(`${check}.title`)}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t(`${check}.text`)}
        </Text>
        {run && open ? <Progressing check={check} run={run} /> : null}
        {props.children}
        {run ? <LastRun run={run} open={open} /> : null}
        <Group gap="xs">
          <StartButton check={check} disabled={open} />
          {run && open ? <StopButton run={run} /> : null}
        </Group>
      </Stack>
    </Panel>
  );
}

function Progressing(props: { check: Check; run: Execution }) {
  const { t } = useTranslation('storage-check');
  const ui = useUi();
  const { check } = props;
  const facts = useRunFacts(props.run);
  const number = (key: string) => ui.number(facts[key] ?? 0);
  return (
    <div>
      <RunProgress label={t(`${check}.title`)} share={facts.percent === undefined ? null : facts.percent / 100} />
      <Text size="sm" mt={4}>
        {facts.percent === undefined ? null : `${t('percent', { percent: facts.percent })} `}
        {check === 'scan'
          ? t('scan.progress', { objects: number('objects'), rows: number('rows') })
          : t('scrub.progress', { blobs: number('blobs'), bytes: ui.bytes(facts.bytes ?? 0) })}
      </Text>
    </div>
  );
}

function LastRun(props: { run: Execution; open: boolean }) {
  const { t } = useTranslation('storage-check');
  const { run } = props;
  return (
    <Facts
      rows={[
        {
          label: props.open ? t('underWay') : t('lastRun'),
          value: (
            <Group gap="xs">
              <Link to="/jobs/$executionId" params={{ executionId: String(run.id) }} search={{}}>
                {t('run', { id: run.id })}
              </Link>
              <JobStateBadge status={run.status} />
            </Group>
          ),
        },
        { label: t('started'), value: <ExactTime value={run.creation_time} /> },
        { label: t('took'), value: <Duration start={run.start_time} end={run.end_time} /> },
      ]}
    />
  );
}

function StartButton(props: { check: Check; disabled: boolean }) {
  const { t } = useTranslation('storage-check');
  const problem = useProblem();
  const start = useStartCheck(props.check);
  return (
    <Button
      variant="default"
      disabled={props.disabled}
      loading={start.isPending}
      onClick={() =>
        start.mutate(undefined, {
          onSuccess: () => toast({ tone: 'success', message: t('begun') }),
          onError: (error) => toast({ tone: 'problem', title: t('failed'), message: problem.text(error) }),
        })
      }
    >
      {t(`${props.check}.start`)}
    </Button>
  );
}

function StopButton(props: { run: Execution }) {
  const { t } = useTranslation('storage-check');
  const problem = useProblem();
  const stop = useStopCheck();
  return (
    <Button
      color="red"
      variant="outline"
      loading={stop.isPending}
      onClick={() =>
        stop.mutate(props.run.id, {
          onSuccess: () => toast({ tone: 'success', message: t('stopped') }),
          onError: (error) => toast({ tone: 'problem', title: t('failed'), message: problem.text(error) }),
        })
      }
    >
      {t('stop')}
    </Button>
  );
}
