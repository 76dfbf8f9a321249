import type { Robot } from '@moorage/contracts';
import {
  Button,
  ExactTime,
  Facts,
  Group,
  IconBan,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
  PageSkeleton,
  Panel,
  SplitColumns,
} from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import type { RobotTask } from './robot-dialogs.tsx';
import { grantsOfOffer } from '../../shared/permission/permission.rules.ts';
import { robotQuery } from './robot.queries.ts';
import { GrantWords } from '../../shared/permission/grant-words.tsx';
import { RobotSnippets } from './robot-secret.tsx';
import { RobotUses } from './robot-uses.tsx';
import { RobotStateBadge } from './robot-state-badge.tsx';
import { expiryOf } from './robot-state.rules.ts';
import { projectOf } from './rotate-dialog.tsx';
import { useDisableWithUndo } from './use-disable-with-undo.ts';
import { LastUsed } from './use-robot-columns.tsx';

const RobotDialogs = lazyPart(() => import('./robot-dialogs.tsx'), 'RobotDialogs');

/** A robot: what it may, when it was used, how to use it, and what can be done with it. */
export function RobotDetail(props: {
  id: number;
  rights: { readonly change: boolean; readonly remove: boolean };
  onGone: () => void;
}) {
  const { t } = useTranslation(['robot', 'permission']);
  const { data: robot, error, refetch } = useLoad(robotQuery(props.id));
  const [task, setTask] = useState<RobotTask | null>(null);
  useTitle(robot?.name, t('title'));
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (robot === undefined) return <PageSkeleton />;
  return (
    <>
      <SplitColumns
        main={
          <>
            <Panel title={robot.name} actions={<Actions robot={robot} rights={props.rights} onTask={setTask} />}>
              <Facts
                rows={[
                  { label: t('column.state'), value: <RobotStateBadge robot={robot} /> },
                  { label: t('basics.description'), value: robot.description },
                  { label: t('column.lastUsed'), value: <LastUsed robot={robot} /> },
                  { label: t('column.expires'), value: <ExactTime value={expiryOf(robot)} /> },
                  {
                    label: t('detail.oldSecret'),
                    value: robot.previous_secret_until ? <ExactTime value={robot.previous_secret_until} /> : null,
                  },
                  {
                    label: t('addresses.action'),
                    value: robot.allowed_addresses.join(', ') || t('addresses.everywhere'),
                  },
                  { label: t('column.created'), value: <ExactTime value={robot.creation_time} /> },
                ]}
              />
            </Panel>
            <Panel title={t('permissions.title')}>
              <Facts
                rows={robot.permissions.map((entry) => ({
                  label:
                    entry.kind === 'system'
                      ? t('detail.system')
                      : entry.namespace === '*'
                        ? t('permission:projects.all')
                        : entry.namespace,
                  value: <GrantWords grants={new Set(grantsOfOffer(entry.access))} />,
                }))}
              />
            </Panel>
            <RobotUses id={robot.id} />
          </>
        }
        side={
          <Panel title={t('detail.use')}>
            <RobotSnippets robot={robot.name} project={projectOf(robot)} secret={null} />
          </Panel>
        }
      />
      {task === null ? null : <RobotDialogs task={task} onClose={() => setTask(null)} onDeleted={props.onGone} />}
    </>
  );
}

function Actions(props: {
  robot: Robot;
  rights: { readonly change: boolean; readonly remove: boolean };
  onTask: (task: RobotTask) => void;
}) {
  const { t } = useTranslation('robot');
  const { robot, rights } = props;
  const setDisabled = useDisableWithUndo();
  return (
    <Group gap="xs">
      {rights.change ? (
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={15} aria-hidden />}
            onClick={() => props.onTask({ kind: 'rotate', robot })}
          >
            {t('rotate.action')}
          </Button>
          <Button size="xs" variant="default" onClick={() => props.onTask({ kind: 'addresses', robot })}>
            {t('addresses.action')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={robot.disable ? <IconPlayerPlay size={15} aria-hidden /> : <IconBan size={15} aria-hidden />}
            onClick={() => setDisabled(robot, !robot.disable)}
          >
            {robot.disable ? t('enable.action') : t('disable.action')}
          </Button>
        </>
      ) : null}
      {rights.remove ? (
        <Button
          size="xs"
          color="red"
          variant="outline"
          leftSection={<IconTrash size={15} aria-hidden />}
          onClick={() => props.onTask({ kind: 'delete', robot })}
        >
          {t('delete.action')}
        </Button>
      ) : null}
    </Group>
  );
}
