import { getProjectQuota, type ResponseOf } from '@moorage/contracts';
import {
  Badge,
  Box,
  Button,
  Bytes,
  Count,
  DeniedState,
  ExactTime,
  Facts,
  Group,
  Meter,
  PageSkeleton,
  Panel,
  SplitColumns,
  Text,
  useUi,
} from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { linePoints } from './growth.rules.ts';
import { KeptPanel } from './kept-panel.tsx';
import classes from './quota.module.css';

const LimitDialog = lazyPart(() => import('./limit-dialog.tsx'), 'LimitDialog');

type ProjectQuota = ResponseOf<typeof getProjectQuota>;

/** How much a project holds, how that grew, and when it will be full. */
export function ProjectStoragePage() {
  const { t } = useTranslation('quota');
  const project = useProject();
  const { can, known } = useProjectAccess(project.project_id);
  const allowed = can('quota:read');
  const { data, error, refetch } = useLoad({
    ...objectQuery(getProjectQuota, { params: { project_name_or_id: project.name }, query: { days: 90 } }),
    enabled: allowed,
  });
  useTitle(t('project.title'), project.name);
  if (!known) return <PageSkeleton />;
  if (!allowed) return <DeniedState text={t('project.denied')} />;
  if (error) return <PageProblem error={error} onRetry={refetch} denied={t('project.denied')} />;
  if (data === undefined) return <PageSkeleton />;
  return (
    <SplitColumns
      main={
        <>
          <Growth quota={data} />
          <KeptPanel project={project.name} mayList={can('artifact:delete')} />
        </>
      }
      side={<Usage quota={data} project={project.name} mayTrash={can('trash:list')} />}
    />
  );
}

function Usage(props: { quota: ProjectQuota; project: string; mayTrash: boolean }) {
  const { t } = useTranslation('quota');
  const ui = useUi();
  const admin = useIsAdmin();
  const [editing, setEditing] = useState(false);
  const { quota } = props;
  const { hard, used, soft } = quota;
  const limited = (value: number | undefined) => value !== undefined && value >= 0;
  return (
    <Panel title={t('project.title')}>
      {limited(hard.storage) ? (
        <Box mb="xs">
          <Meter
            label={t('shareOf', { name: quota.ref.name })}
            value={used.storage}
            max={hard.storage}
            text={t('ofLimit', { used: ui.bytes(used.storage), limit: ui.bytes(hard.storage) })}
          />
        </Box>
      ) : null}
      <Facts
        rows={[
          {
            label: t('state.label'),
            value: (
              <Badge color={quota.state === 'ok' ? 'green' : quota.state === 'warning' ? 'yellow' : 'red'}>
                {t(`state.${quota.state}`)}
              </Badge>
            ),
          },
          { label: t('column.used'), value: <Bytes value={used.storage} /> },
          { label: t('kept.ofTrash'), value: <TrashShare {...props} /> },
          { label: t('column.limit'), value: limited(hard.storage) ? <Bytes value={hard.storage} /> : t('noLimit') },
          { label: t('soft.label'), value: <SoftLimit storage={soft.storage} /> },
          { label: t('column.artifacts'), value: used.count === undefined ? null : <Count value={used.count} /> },
          {
            label: t('edit.count'),
            value: hard.count !== undefined && hard.count >= 0 ? <Count value={hard.count} /> : t('noLimit'),
          },
        ]}
      />
      {admin ? (
        <Group mt="md">
          <Button size="xs" variant="default" onClick={() => setEditing(true)}>
            {t('edit.action')}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed" mt="md">
          {t('project.byAdmin')}
        </Text>
      )}
      {editing ? <LimitDialog quota={quota} onClose={() => setEditing(false)} /> : null}
    </Panel>
  );
}

/** What emptying the trash would free, with the way there. */
function TrashShare(props: { quota: ProjectQuota; project: string; mayTrash: boolean }) {
  const { t } = useTranslation('quota');
  const bytes = <Bytes value={props.quota.trash_storage} />;
  if (!props.mayTrash || props.quota.trash_storage === 0) return bytes;
  return (
    <>
      <div>{bytes}</div>
      <Link to="/projects/$project/trash" params={{ project: props.project }} search={{}}>
        {t('kept.trash')}
      </Link>
    </>
  );
}

function SoftLimit(props: { storage: number | null }) {
  const { t } = useTranslation('quota');
  if (props.storage === null) return t('soft.setting');
  return props.storage < 0 ? t('noLimit') : <Bytes value={props.storage} />;
}

function Growth(props: { quota: ProjectQuota }) {
  const { t } = useTranslation('quota');
  const ui = useUi();
  const { growth, forecast } = props.quota;
  const first = growth[0];
  const last = growth.at(-1);
  return (
    <Panel title={t('growth.title')}>
      {first === undefined || last === undefined ? (
        <Text c="dimmed">{t('growth.none')}</Text>
      ) : (
        <>
          <svg className={classes.line} viewBox="0 0 600 120" preserveAspectRatio="none" role="img">
            <title>{t('growth.summary', { from: ui.bytes(first.storage), to: ui.bytes(last.storage) })}</title>
            <polyline points={linePoints(growth, 600, 118)} vectorEffect="non-scaling-stroke" />
          </svg>
          <Text size="sm">{t('growth.summary', { from: ui.bytes(first.storage), to: ui.bytes(last.storage) })}</Text>
        </>
      )}
      <Forecast forecast={forecast} />
      <details className={classes.numbers}>
        <summary>{t('growth.numbers')}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('growth.day')}</th>
              <th scope="col">{t('column.used')}</th>
              <th scope="col">{t('column.artifacts')}</th>
            </tr>
          </thead>
          <tbody>
            {growth.toReversed().map((day) => (
              <tr key={day.day}>
                <th scope="row">{day.day}</th>
                <td>
                  <Bytes value={day.storage} />
                </td>
                <td>
                  <Count value={day.count} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  );
}

function Forecast(props: { forecast: ProjectQuota['forecast'] }) {
  const { t } = useTranslation('quota');
  const ui = useUi();
  const { forecast } = props;
  if (forecast === null) {
    return (
      <Text size="sm" c="dimmed">
        {t('forecast.soon')}
      </Text>
    );
  }
  const perDay = Math.abs(forecast.storage_per_day);
  return (
    <Text size="sm">
      {t(forecast.storage_per_day < 0 ? 'forecast.shrinks' : 'forecast.grows', { bytes: ui.bytes(perDay) })}{' '}
      {forecast.full_at === null ? (
        t('forecast.never')
      ) : (
        <>
          {t('forecast.full')} <ExactTime value={String(forecast.full_at)} />
        </>
      )}
    </Text>
  );
}
