import { listRobots, type Robot } from '@moorage/contracts';
import {
  DataTable,
  type Facet,
  FacetBar,
  IconBan,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
  NumberInput,
  type RowAction,
} from '@moorage/ui';
import type { TFunction } from 'i18next';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { listQuery } from '../../shared/api/query.ts';
import { type Condition, listQueryText } from '../../shared/list/list-query.rules.ts';
import type { ListSearch } from '../../shared/list/list-search.ts';
import { useListView } from '../../shared/list/use-list-view.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import type { RobotTask } from './robot-dialogs.tsx';
import { conditionsOfState, ROBOT_STATES, type RobotState, SOON_DAYS } from './robot-state.rules.ts';
import { useDisableWithUndo } from './use-disable-with-undo.ts';
import { useRobotColumns } from './use-robot-columns.tsx';

const MOST_DAYS = 365;

const RobotDialogs = lazyPart(() => import('./robot-dialogs.tsx'), 'RobotDialogs');

/** The list of robots, of the system or of a project. */
export function RobotTable(props: {
  project: { readonly name: string; readonly id: number } | null;
  search: ListSearch & { readonly state?: RobotState | undefined; readonly days?: number | undefined };
  rights: { readonly change: boolean; readonly remove: boolean };
  empty: ReactNode;
  tools?: ReactNode;
  denied: ReactNode;
}) {
  const { t } = useTranslation('robot');
  const { project, search, rights } = props;
  const list = useListView(search, '-creation_time');
  const columns = useRobotColumns(project?.name ?? null);
  const [task, setTask] = useState<RobotTask | null>(null);
  // One moment for the whole visit: a question that changes every second is never answered.
  const [opened] = useState(() => new Date());
  const actions = useRobotActions(rights, project === null, setTask);
  const scope: Condition[] =
    project === null
      ? []
      : [
          { key: 'Level', is: 'project' },
          { key: 'ProjectID', is: String(project.id) },
        ];
  const { data, error, isFetching, refetch } = useLoad(
    listQuery(listRobots, {
      query: {
        ...list.paging,
        q: listQueryText([
          ...scope,
          ...conditionsOfState(search.state, opened, search.days),
          { key: 'name', contains: search.q ?? '' },
        ]),
      },
    }),
  );
  return (
    <>
      <DataTable<Robot>
        label={t('title')}
        settingsKey="robots"
        columns={columns}
        rows={data?.rows}
        total={data?.total}
        rowKey={(row) => String(row.id)}
        rowName={(row) => row.name}
        view={list.view}
        onView={list.onView}
        busy={isFetching}
        problem={error ? <PageProblem error={error} onRetry={refetch} denied={props.denied} /> : undefined}
        empty={props.empty}
        toolbar={
          <FacetBar
            search={{ label: t('search'), value: search.q ?? '', onChange: list.onSearch }}
            facets={[stateFacet(search, list.onFilter, t)]}
          >
            {props.tools}
          </FacetBar>
        }
        actions={actions}
      />
      {task === null ? null : (
        <RobotDialogs task={task} onClose={() => setTask(null)} onDeleted={() => setTask(null)} />
      )}
    </>
  );
}

/** How many days ahead "expires soon" reaches. */
function SoonDays(props: { days: number; onChange: (days: number) => void }) {
  const { t } = useTranslation('robot');
  return (
    <NumberInput
      size="xs"
      label={t('filter.soonDays')}
      min={1}
      max={MOST_DAYS}
      clampBehavior="strict"
      allowDecimal={false}
      value={props.days}
      onChange={(value) => {
        if (typeof value === 'number' && value >= 1) props.onChange(value);
      }}
    />
  );
}

function stateFacet(
  { state, days = SOON_DAYS }: { readonly state?: RobotState | undefined; readonly days?: number | undefined },
  onFilter: (patch: { state?: RobotState | undefined; days?: number | undefined }) => void,
  t: TFunction<'robot'>,
): Facet {
  return {
    id: 'state',
    label: t('filter.state'),
    single: true,
    options: ROBOT_STATES.map((entry) => ({ value: entry, label: t(`state.${entry}`) })),
    selected: state === undefined ? [] : [state],
    onChange: ([value]) => onFilter({ state: ROBOT_STATES.find((entry) => entry === value) }),
    footer: (
      <SoonDays
        days={days}
        onChange={(next) => onFilter({ state: 'expiring', days: next === SOON_DAYS ? undefined : next })}
      />
    ),
  };
}

/** What can be done with a robot, and why the rest cannot. */
function useRobotActions(
  rights: { readonly change: boolean; readonly remove: boolean },
  ofSystem: boolean,
  setTask: (task: RobotTask) => void,
): (row: Robot) => readonly RowAction[] {
  const { t } = useTranslation('robot');
  const setDisabled = useDisableWithUndo();
  const needs = ofSystem ? t('needsSystemAdmin') : t('needsAdmin');
  return (row) => [
    {
      id: 'rotate',
      label: t('rotate.action'),
      icon: <IconRefresh size={16} aria-hidden />,
      denied: rights.change ? undefined : needs,
      onSelect: () => setTask({ kind: 'rotate', robot: row }),
    },
    {
      id: 'disable',
      label: row.disable ? t('enable.action') : t('disable.action'),
      icon: row.disable ? <IconPlayerPlay size={16} aria-hidden /> : <IconBan size={16} aria-hidden />,
      denied: rights.change ? undefined : needs,
      onSelect: () => setDisabled(row, !row.disable),
    },
    {
      id: 'delete',
      label: t('delete.action'),
      icon: <IconTrash size={16} aria-hidden />,
      danger: true,
      denied: rights.remove ? undefined : needs,
      onSelect: () => setTask({ kind: 'delete', robot: row }),
    },
  ];
}
