import { type Checklist, listAllRepositories, listRepositoryTags } from '@moorage/contracts';
import { IconCircle, IconCircleCheck, IconCircleDashed, Panel, Stack, Text, useAnnounce, useUi } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { ClientCommand, useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { pullCommands } from '../../shared/commands/image-commands.rules.ts';
import { PushGuide } from '../../shared/commands/push-guide.tsx';
import { ButtonLink } from '../../shared/links.tsx';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { isStepDone, nextStep, STEPS, type Step } from './first-steps.rules.ts';
import classes from './home.module.css';

/** The way from nothing to a pulled image. Each step ticks itself when the server sees it done. */
export function FirstSteps(props: { steps: Checklist; project: string | null }) {
  const { t } = useTranslation('home');
  const ui = useUi();
  const { steps, project } = props;
  const next = nextStep(steps);
  const done = STEPS.filter((step) => isStepDone(steps, step)).length;
  useAnnouncedSteps(steps);
  return (
    <Panel
      title={t('steps.title')}
      actions={
        <Text size="sm" c="dimmed">
          {t('steps.progress', { done: ui.number(done), total: ui.number(STEPS.length) })}
        </Text>
      }
      flush
    >
      <ol className={classes.steps}>
        {STEPS.map((step) => {
          const state = isStepDone(steps, step) ? 'done' : step === next ? 'next' : 'open';
          const Icon = { done: IconCircleCheck, next: IconCircle, open: IconCircleDashed }[state];
          return (
            <li key={step} className={classes.step} data-state={state} data-step={step}>
              <Icon className={classes.stepIcon} size={24} aria-label={t(`steps.state.${state}`)} />
              <div>
                <h3 className={classes.stepTitle}>{t(`steps.${step}.title`)}</h3>
                {state === 'next' ? (
                  <>
                    <Text size="sm" c="dimmed">
                      {t(`steps.${step}.text`)}
                    </Text>
                    <div className={classes.stepBody}>
                      <StepBody step={step} project={project} />
                    </div>
                  </>
                ) : null}
              </div>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** What does the step: a command to paste or a button. */
function StepBody(props: { step: Step; project: string | null }): ReactNode {
  const { t } = useTranslation('home');
  const { project } = props;
  if (props.step === 'project' || project === null) {
    return (
      <ButtonLink to="/projects" search={{ create: true }} look="primary">
        {t('steps.project.action')}
      </ButtonLink>
    );
  }
  switch (props.step) {
    case 'push':
      return (
        <Stack gap="sm">
          <PushGuide project={project} />
          <Text size="sm" c="dimmed">
            {t('steps.push.waiting')}
          </Text>
        </Stack>
      );
    case 'pull':
      return <PullLatest />;
    case 'member':
      return (
        <ButtonLink to="/projects/$project/members" params={{ project }}>
          {t('steps.member.action')}
        </ButtonLink>
      );
    case 'robot':
      return (
        <ButtonLink to="/projects/$project/robots/new" params={{ project }}>
          {t('steps.robot.action')}
        </ButtonLink>
      );
  }
}

/** Pulls what was pushed last. */
function PullLatest() {
  const { t } = useTranslation('home');
  const place = useRegistryPlace();
  const { data: latest } = useQuery(
    listQuery(listAllRepositories, { query: { page_size: 1, sort: '-last_push_time' } }),
  );
  const repository = latest?.rows[0]?.name;
  const { project = '', repository: name = '' } = repository === undefined ? {} : placeOfRepository(repository);
  const { data: tags } = useQuery({
    ...listQuery(listRepositoryTags, {
      params: { project_name: project, repository_name: name },
      query: { page_size: 1, sort: '-push_time' },
    }),
    enabled: repository !== undefined,
  });
  if (repository === undefined || tags === undefined) return null;
  const [tag] = tags.rows;
  return (
    <ClientCommand
      label={t('steps.pull.title')}
      variants={pullCommands(place, { repository, tag: tag?.name ?? 'latest' }, tag?.type ?? 'IMAGE')}
    />
  );
}

/** Says aloud when a step ticks itself. */
function useAnnouncedSteps(steps: Checklist): void {
  const { t } = useTranslation('home');
  const announce = useAnnounce();
  const before = useRef(steps);
  useEffect(() => {
    const ticked = STEPS.find((step) => isStepDone(steps, step) && !isStepDone(before.current, step));
    before.current = steps;
    if (ticked) announce(t('steps.ticked', { step: t(`steps.${ticked}.title`) }));
  }, [steps, announce, t]);
}
