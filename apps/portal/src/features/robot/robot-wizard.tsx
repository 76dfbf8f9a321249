import { Panel, Stepper, TextSkeleton } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { isStatus } from '../../shared/api/problem.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { RobotBasicsStep } from './robot-basics-step.tsx';
import { EMPTY_DRAFT, type RobotDraft, robotOf } from './robot-draft.ts';
import { grantsOfOffer, grantsOfPreset } from '../../shared/permission/permission.rules.ts';
import { RobotPermissionStep } from './robot-permission-step.tsx';
import { RobotReviewStep } from './robot-review-step.tsx';
import { useCreateRobot, useRobotPermissions } from './robot.queries.ts';
import classes from './robot-wizard.module.css';

const RobotCreated = lazyPart(() => import('./robot-created.tsx'), 'RobotCreated');

const BASICS = 0;
const PERMISSIONS = 1;
const REVIEW = 2;
const DONE = 3;

/** Name, rights, review, then the secret once. For a project, or for the system when `project` is null. */
export function RobotWizard(props: { project: string | null; onLeave: () => void }) {
  const { t } = useTranslation('robot');
  const problem = useProblem();
  const { data: offer } = useRobotPermissions();
  const create = useCreateRobot();
  const [step, setStep] = useState(BASICS);
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [taken, setTaken] = useState(false);
  const projectOffer = grantsOfOffer(offer?.project);

  const toPermissions = (basics: Pick<RobotDraft, 'name' | 'description' | 'duration'>) => {
    setTaken(false);
    setDraft((before) => ({ ...before, ...basics }));
    setStep(PERMISSIONS);
  };
  const submit = async () => {
    try {
      await create.mutateAsync(robotOf(draft, props.project));
      setStep(DONE);
    } catch (error) {
      if (!isStatus(error, 409)) return;
      setTaken(true);
      setStep(BASICS);
    }
  };

  if (create.data && step === DONE) {
    return <RobotCreated robot={create.data} project={props.project} onDone={props.onLeave} />;
  }
  return (
    <Panel>
      <Stepper active={step} size="sm" allowNextStepsSelect={false} onStepClick={setStep} className={classes.stepper}>
        <Stepper.Step label={t('step.basics')}>
          <RobotBasicsStep draft={draft} taken={taken} onNext={toPermissions} onCancel={props.onLeave} />
        </Stepper.Step>
        <Stepper.Step label={t('step.permissions')}>
          {offer === undefined ? (
            <TextSkeleton lines={6} />
          ) : (
            <RobotPermissionStep
              // The first visit proposes what most robots are for.
              draft={
                draft.projectGrants.size > 0 ? draft : { ...draft, projectGrants: grantsOfPreset('push', projectOffer) }
              }
              projectOffer={projectOffer}
              systemOffer={grantsOfOffer(offer.system)}
              forSystem={props.project === null}
              onBack={() => setStep(BASICS)}
              onNext={(patch) => {
                setDraft((before) => ({ ...before, ...patch }));
                setStep(REVIEW);
              }}
            />
          )}
        </Stepper.Step>
        <Stepper.Step label={t('step.review')}>
          <RobotReviewStep
            draft={draft}
            project={props.project}
            busy={create.isPending}
            failure={create.error && !taken ? problem.text(create.error) : null}
            onBack={() => setStep(PERMISSIONS)}
            onSubmit={() => void submit()}
          />
        </Stepper.Step>
      </Stepper>
    </Panel>
  );
}
